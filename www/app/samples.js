// The files of samples/.

/** A file of the samples. */
export async function sampleFile(name) {
  const response = await fetch(`samples/${name}`);
  if (!response.ok) throw new Error(`samples/${name}: ${response.status}`);
  return new File([await response.blob()], name);
}

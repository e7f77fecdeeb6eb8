// Runs inside of Thunderbird, through thunderbird.py: puts the messages of files into a local folder,
// displays them and tells what the security panel would.

const [paths, done] = arguments;
show(paths).then(done, (error) => done({ error: String(error) }));

async function show(paths) {
  const { MailServices } = ChromeUtils.importESModule('resource:///modules/MailServices.sys.mjs');
  leaveSignaturesToSmime();
  const folder = folderOf(MailServices);
  const uris = [];
  for (const path of paths) uris.push(folder.getUriForMsg(await store(MailServices, path, folder)));
  const displayAll = () => Promise.all(uris.map((uri) => display(MailServices, uri)));
  // Signatures are checked behind the display; what the second display tells is complete.
  await displayAll();
  return displayAll();
}

/** The handler of OpenPGP takes multipart/signed for itself, until it is told not to. */
function leaveSignaturesToSmime() {
  const { EnigmailVerify } = ChromeUtils.importESModule('chrome://openpgp/content/modules/mimeVerify.sys.mjs');
  EnigmailVerify.init();
  EnigmailVerify.unregisterPGPMimeHandler();
}

function folderOf({ accounts }) {
  if (!accounts.accounts.length) accounts.createLocalMailAccount();
  const root = accounts.localFoldersServer.rootFolder;
  if (!root.containsChildNamed('messages')) root.createSubfolder('messages', null);
  return root.getChildNamed('messages');
}

async function store({ copy }, path, folder) {
  const file = Cc['@mozilla.org/file/local;1'].createInstance(Ci.nsIFile);
  file.initWithPath(path);
  await new Promise((resolve, reject) => {
    const listener = {
      QueryInterface: ChromeUtils.generateQI(['nsIMsgCopyServiceListener']),
      onStartCopy() {},
      onProgress() {},
      setMessageKey() {},
      getMessageId: () => null,
      onStopCopy: (status) => (status === 0 ? resolve() : reject(new Error(`not stored: ${status}`))),
    };
    copy.copyFileMessage(file, folder, null, false, 0, '', listener, null);
  });
  return [...folder.messages].at(-1);
}

async function display({ messageServiceFromURI }, uri) {
  const shown = { signatures: [], encryption: [], text: '' };
  const url = messageServiceFromURI(uri).getUrlForUri(uri);
  const { SEC_ALLOW_CROSS_ORIGIN_SEC_CONTEXT_IS_NULL: free } = Ci.nsILoadInfo;
  const principal = Services.scriptSecurityManager.getSystemPrincipal();
  const channel = Services.io
    .newChannelFromURI(url, null, principal, null, free, Ci.nsIContentPolicy.TYPE_OTHER)
    .QueryInterface(Ci.nsIMailChannel);
  channel.smimeSink = {
    QueryInterface: ChromeUtils.generateQI(['nsIMsgSMIMESink']),
    maxWantedNesting: () => 2,
    signedStatus(level, status) {
      shown.signatures.push(status);
      if (!(level > shown.level)) Object.assign(shown, { level, outermost: status });
    },
    encryptionStatus: (level, status) => shown.encryption.push(status),
    ignoreStatusFrom() {},
    resetSignedStatus() {},
    signatureProcessingStarted() {},
  };
  await new Promise((resolve) => {
    const listener = {
      QueryInterface: ChromeUtils.generateQI(['nsIStreamListener', 'nsIRequestObserver']),
      onStartRequest() {},
      onDataAvailable(request, stream, offset, count) {
        const input = Cc['@mozilla.org/scriptableinputstream;1'].createInstance(Ci.nsIScriptableInputStream);
        input.init(stream);
        shown.text += input.read(count);
      },
      onStopRequest: resolve,
    };
    const converters = Cc['@mozilla.org/streamConverters;1'].getService(Ci.nsIStreamConverterService);
    channel.asyncOpen(converters.asyncConvertData('message/rfc822', 'text/html', listener, channel));
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  return shown;
}

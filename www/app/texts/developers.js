// developers.

export const developers = {};

// settings.

export const settings = {};

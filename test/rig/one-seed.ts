import fc from 'fast-check';

// The same cases in every run, so that what passed once passes again; CAIRN_SEARCH looks further, and at others.
if (process.env.CAIRN_SEARCH === undefined) fc.configureGlobal({ seed: 1 });

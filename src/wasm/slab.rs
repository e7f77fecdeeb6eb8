//! The identities that JavaScript holds handles of.

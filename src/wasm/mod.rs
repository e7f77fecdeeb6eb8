//! The boundary with JavaScript: values in, values out, and the driver of one verb's future.
//!
//! The rules are in ARCHITECTURE.md, "The boundary between JavaScript and the module". Nothing of
//! S/MIME is decided here.

mod anchors;
mod external;
mod fetch;
mod job;
mod mailer;
mod options;
mod output;
mod roots;
mod session;
mod slab;
mod store;
mod values;
mod verbs;

pub use job::Job;

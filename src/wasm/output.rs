//! Output that leaves the module while it is made, so that it is nowhere whole in linear memory, which
//! never shrinks.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;

use crate::bytes::{PIECE, Sink};
use crate::error::{Error, Result};

/// A `Uint8Array` that is being filled.
pub(super) struct Output {
    array: Uint8Array,
    /// What did not leave yet.
    held: Vec<u8>,
    written: usize,
}

impl Output {
    /// With room for `length` bytes and no more.
    pub(super) fn new(length: usize) -> Output {
        let array = Uint8Array::new_with_length(u32::try_from(length).unwrap_or(u32::MAX));
        Output { array, held: Vec::with_capacity(PIECE + PIECE / 2), written: 0 }
    }

    /// The filled array.
    ///
    /// # Errors
    ///
    /// `internal/fault` if not exactly as much was written as there is room for.
    pub(super) fn finish(mut self) -> Result<JsValue> {
        self.flush();
        if self.written == self.array.length() as usize {
            Ok(self.array.into())
        } else {
            Err(Error::Internal { what: "output of another length than was told" })
        }
    }

    fn flush(&mut self) {
        let end = self.written + self.held.len();
        if end <= self.array.length() as usize {
            self.array.subarray(self.written as u32, end as u32).copy_from(&self.held);
        }
        self.written = end;
        self.held.clear();
    }
}

impl Sink for Output {
    fn write(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(PIECE) {
            self.held.extend_from_slice(piece);
            if self.held.len() >= PIECE {
                self.flush();
            }
        }
    }
}

//! How much a snapshot file may ask of us.

/// Bounds for reading a snapshot. The defaults admit any estate that we know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The longest line, in bytes; 16 MiB.
    pub line_bytes: usize,
    /// The most lines of a file; 50 million.
    pub lines: u64,
    /// The most bytes of a file after decompression; 128 GiB.
    pub total_bytes: u64,
    /// The deepest nesting of a line; 64.
    pub depth: usize,
    /// A batch takes no further line once it holds so many bytes; 4 MiB.
    pub batch_bytes: usize,
    /// The largest window of compressed data, as a power of two; 27, which is 128 MiB.
    pub window_log: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            line_bytes: 16 << 20,
            lines: 50_000_000,
            total_bytes: 128 << 30,
            depth: 64,
            batch_bytes: 4 << 20,
            window_log: 27,
        }
    }
}

/// Longest ids, names and so on, in bytes, so that every door and store can hold them.
pub(super) mod text {
    /// An asset's id.
    pub(crate) const ID: usize = 1_024;
    /// An asset's or account's name.
    pub(crate) const NAME: usize = 1_024;
    /// An account.
    pub(crate) const ACCOUNT: usize = 128;
    /// A region or zone.
    pub(crate) const REGION: usize = 64;
    /// A provider's error code or request id.
    pub(crate) const CODE: usize = 256;
    /// The sentence of a reason; a file's path.
    pub(crate) const SENTENCE: usize = 4_096;
    /// A tag's key or value.
    pub(crate) const TAG: usize = 1_024;
}

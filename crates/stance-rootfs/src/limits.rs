//! How much of anything is taken.

/// Limits of a scan; each is an option of the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of all layers together, decompressed.
    pub total_bytes: u64,
    /// The most bytes that a compressed layer may grow by, as a multiple; looked at from 128 MiB of output on.
    pub ratio: u64,
    /// The largest window of a zstd layer, bytes; that much memory is taken to read it.
    pub window_bytes: u64,
    /// The most entries of all layers together.
    pub entries: u64,
    /// The most layers.
    pub layers: usize,
    /// The most bytes of a manifest, an index or a configuration.
    pub document_bytes: u64,
    /// The most bytes of an entry's name, and of all extended headers before one entry.
    pub header_bytes: u64,
    /// The most bytes of one file that is kept for readers.
    pub file_bytes: u64,
    /// The most bytes of all files that are kept for readers.
    pub kept_bytes: u64,
    /// The most bytes of names and attributes that the tree keeps.
    pub tree_bytes: u64,
    /// The most findings of one kind that are kept; the rest is counted.
    pub findings: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            total_bytes: 64 << 30,
            ratio: 200,
            window_bytes: 32 << 20,
            entries: 5_000_000,
            layers: 512,
            document_bytes: 4 << 20,
            header_bytes: 1 << 20,
            file_bytes: 1 << 20,
            kept_bytes: 16 << 20,
            tree_bytes: 16 << 20,
            findings: 500,
        }
    }
}

//! A tar writer that writes whatever it is told to.

/// An archive.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tar {
    bytes: Vec<u8>,
}

/// What a header says.
#[derive(Debug, Clone)]
pub(crate) struct Header<'h> {
    pub(crate) name: &'h [u8],
    pub(crate) link: &'h [u8],
    pub(crate) mode: u64,
    pub(crate) uid: u64,
    pub(crate) flag: u8,
    pub(crate) size: u64,
    pub(crate) gnu: bool,
}

impl Default for Header<'_> {
    fn default() -> Self {
        Self {
            name: b"",
            link: b"",
            mode: 0o644,
            uid: 0,
            flag: b'0',
            size: 0,
            gnu: false,
        }
    }
}

impl Header<'_> {
    /// The block, its checksum not yet set.
    pub(crate) fn block(&self) -> [u8; 512] {
        let mut block = [0; 512];
        put(&mut block, 0, &self.name[..self.name.len().min(100)]);
        put(&mut block, 100, format!("{:07o}", self.mode).as_bytes());
        put(&mut block, 108, format!("{:07o}", self.uid).as_bytes());
        put(&mut block, 116, b"0000000");
        put(&mut block, 124, format!("{:011o}", self.size).as_bytes());
        put(&mut block, 136, b"00000000000");
        block[156] = self.flag;
        put(&mut block, 157, &self.link[..self.link.len().min(100)]);
        let magic: &[u8] = if self.gnu {
            b"ustar  \0"
        } else {
            b"ustar\x0000"
        };
        put(&mut block, 257, magic);
        block
    }
}

pub(crate) fn put(block: &mut [u8], at: usize, bytes: &[u8]) {
    block[at..at + bytes.len()].copy_from_slice(bytes);
}

fn sum(block: &mut [u8; 512]) {
    put(block, 148, b"        ");
    let sum: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    put(block, 148, format!("{sum:06o}\0 ").as_bytes());
}

impl Tar {
    pub(crate) fn file(self, name: &str, content: &str) -> Self {
        self.file_with(name, content, 0o644)
    }

    pub(crate) fn file_with(self, name: &str, content: &str, mode: u64) -> Self {
        let header = Header {
            name: name.as_bytes(),
            mode,
            size: content.len() as u64,
            ..Header::default()
        };
        self.header(&header).content(content.as_bytes())
    }

    pub(crate) fn dir(self, name: &str) -> Self {
        self.kind(name, b'5', "")
    }

    pub(crate) fn link(self, name: &str, target: &str) -> Self {
        self.kind(name, b'2', target)
    }

    pub(crate) fn hard(self, name: &str, target: &str) -> Self {
        self.kind(name, b'1', target)
    }

    pub(crate) fn kind(self, name: &str, flag: u8, link: &str) -> Self {
        self.header(&Header {
            name: name.as_bytes(),
            link: link.as_bytes(),
            mode: 0o755,
            flag,
            ..Header::default()
        })
    }

    pub(crate) fn header(self, header: &Header<'_>) -> Self {
        self.block(header.block())
    }

    /// A block that becomes a header by its checksum.
    pub(crate) fn block(mut self, mut block: [u8; 512]) -> Self {
        sum(&mut block);
        self.bytes.extend_from_slice(&block);
        self
    }

    /// Content with its padding.
    pub(crate) fn content(mut self, content: &[u8]) -> Self {
        self.bytes.extend_from_slice(content);
        let padding = content.len().wrapping_neg() % 512;
        self.bytes.resize(self.bytes.len() + padding, 0);
        self
    }

    /// An extended header: `x`, `g`, `L` or `K`.
    pub(crate) fn extended(self, flag: u8, content: &[u8]) -> Self {
        let header = Header {
            name: b"extended",
            flag,
            size: content.len() as u64,
            gnu: matches!(flag, b'L' | b'K'),
            ..Header::default()
        };
        self.header(&header).content(content)
    }

    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.bytes.extend_from_slice(bytes);
        self
    }

    /// The archive with its end.
    pub(crate) fn end(mut self) -> Vec<u8> {
        self.bytes.resize(self.bytes.len() + 1024, 0);
        self.bytes
    }

    /// The archive without its end.
    pub(crate) fn cut(self) -> Vec<u8> {
        self.bytes
    }
}

/// PAX records.
pub(crate) fn pax(records: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (key, value) in records {
        let body = key.len() + value.len() + 3;
        let mut length = body + body.to_string().len();
        if length.to_string().len() + body != length {
            length = body + length.to_string().len();
        }
        out.extend_from_slice(format!("{length} {key}=").as_bytes());
        out.extend_from_slice(value);
        out.push(b'\n');
    }
    out
}

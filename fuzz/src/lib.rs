//! What fuzz targets share: each function takes bytes as an attacker would choose them and holds the code to what it
//! promises. A panic is a finding.

mod archive;
mod reader;
mod secrets;

pub use archive::archive;
pub use reader::reader;
pub use secrets::secrets;
pub use stance_rootfs::fuzzing::{config, layers};

use std::str::FromStr;

use stance_rootfs::ImageRef;

/// Texts that name an image.
pub fn reference(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    if let Ok(reference) = ImageRef::from_str(&text) {
        let _shown = format!("{reference:?}");
    }
}

//! The id of an image asset.

use sha2::{Digest as _, Sha256};

use crate::source::ImageKind;

/// The most hexadecimal digits of an id.
const DIGITS: usize = 32;

/// The id of an image, a container or a folder: it follows the name, so that what a tag pointed to before is history of
/// the same asset. `tracked` is the name without a digest where it has a tag (see
/// [`Reference::tracked`](crate::Reference::tracked)); a container's id for a container.
pub(crate) fn image_uuid(kind: ImageKind, account: &str, tracked: &str) -> String {
    let kind: &[u8] = match kind {
        ImageKind::Container => b"container\0",
        ImageKind::Image | ImageKind::Rootfs => b"image\0",
    };
    let mut hash = Sha256::new();
    hash.update(kind);
    hash.update(account);
    hash.update(b"\0");
    hash.update(tracked);
    let mut id = hex::encode(hash.finalize());
    id.truncate(DIGITS);
    id
}

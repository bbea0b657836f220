//! Makes images, good ones and odd ones, byte by byte.

mod image;
mod tar;

pub(crate) use image::{Image, archive, blob_path, digest, gzip, index, write, zstd};
pub(crate) use tar::{Header, Tar, pax, put};

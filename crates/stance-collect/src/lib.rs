//! Collecting assets: today the snapshot file format; live accounts come here.

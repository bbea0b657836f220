//! The use cases: scan, list, except, keys. Every function takes the caller first and authorises first.

//! Azure: resources `azurerm_*`.

pub(super) mod network;
pub(super) mod storage;

//! The façade of Alibaba Cloud Security Center 2018-12-03: signatures, dispatch, operations.

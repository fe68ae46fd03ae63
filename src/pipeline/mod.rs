//! L5: the way of one file, a module for each verb. No threads, no clock, no file system.

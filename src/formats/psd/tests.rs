//! Documents made here, one for each thing that stays and each that goes.

//! PDF files (ISO 32000-1 §7): objects over random access. Coded bytes of streams stay in the file.

mod crypt;
mod file;
mod filter;
mod indirect;
mod lexer;
mod object;
mod rebuild;
mod write;
mod xref;

pub use file::{File, Got};
pub use filter::{Coding, codings, decode, decode_to, exact_end};
pub use lexer::{Lexer, Token, Trouble, is_space};
pub use object::{Dict, Id, Object, Stream};
pub use write::{put_name, put_object, put_string};

/// What `Info::name` is for the format.
const NAME: &str = "PDF";

//! XML (Extensible Markup Language 1.0; Namespaces in XML 1.0) for formats that consist of it: a tree for
//! small files, a stream of small trees for large ones, and a writer.

mod doctype;
pub mod encoding;
mod html;
pub mod stream;
pub mod tree;
pub mod write;

const NAME: &str = "XML";

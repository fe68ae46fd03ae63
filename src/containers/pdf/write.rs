//! Objects as bytes, in one spelling.

use super::object::{Dict, Object};

/// Appends a name.
pub fn put_name(out: &mut Vec<u8>, name: &[u8]) {
    out.push(b'/');
    for byte in name {
        if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(byte) {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("#{byte:02X}").as_bytes());
        }
    }
}

/// Appends a string: as text where all of it is printable, in hexadecimal digits otherwise.
pub fn put_string(out: &mut Vec<u8>, string: &[u8]) {
    if string.iter().all(|byte| matches!(byte, 0x20..=0x7E)) {
        out.push(b'(');
        for byte in string {
            if b"()\\".contains(byte) {
                out.push(b'\\');
            }
            out.push(*byte);
        }
        out.push(b')');
    } else {
        out.push(b'<');
        for byte in string {
            out.extend_from_slice(format!("{byte:02X}").as_bytes());
        }
        out.push(b'>');
    }
}

/// Appends an object. A stream is written as its dictionary.
pub fn put_object(out: &mut Vec<u8>, object: &Object) {
    match object {
        Object::Null => out.extend_from_slice(b"null"),
        Object::Bool(true) => out.extend_from_slice(b"true"),
        Object::Bool(false) => out.extend_from_slice(b"false"),
        Object::Int(n) => out.extend_from_slice(n.to_string().as_bytes()),
        Object::Real(text) => out.extend_from_slice(text.as_bytes()),
        Object::String(string) => put_string(out, string),
        Object::Name(name) => put_name(out, name),
        Object::Array(array) => {
            out.push(b'[');
            for (index, item) in array.iter().enumerate() {
                if index > 0 && !starts_with_delimiter(item) {
                    out.push(b' ');
                }
                put_object(out, item);
            }
            out.push(b']');
        }
        Object::Dict(dict) => put_dict(out, dict),
        Object::Ref(id) => {
            out.extend_from_slice(format!("{} {} R", id.number, id.generation).as_bytes());
        }
        Object::Stream(stream) => put_dict(out, &stream.dict),
    }
}

fn put_dict(out: &mut Vec<u8>, dict: &Dict) {
    out.extend_from_slice(b"<<");
    for (key, value) in dict.iter() {
        put_name(out, key);
        if !starts_with_delimiter(value) {
            out.push(b' ');
        }
        put_object(out, value);
    }
    out.extend_from_slice(b">>");
}

fn starts_with_delimiter(object: &Object) -> bool {
    matches!(
        object,
        Object::String(_)
            | Object::Name(_)
            | Object::Array(_)
            | Object::Dict(_)
            | Object::Stream(_)
    )
}

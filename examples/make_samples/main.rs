//! Makes the files in `sample_media/`, or, with `--canaries DIR`, a broad set of files with one secret
//! each, with which cleaners can be compared.
#![allow(clippy::disallowed_methods)] // It writes samples, not the files of users.

mod samples;

use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match arguments.as_slice() {
        [] => {
            let made = samples::samples();
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            write(&root.join("sample_media"), &made)?;
            // Beside the generator: everything in `sample_media/` is a file to be cleaned.
            let list = root.join("examples/make_samples/PROVENANCE.toml");
            fs::write(list, samples::provenance(&made))
        }
        [flag, folder] if flag == "--canaries" => {
            let made = [samples::samples(), samples::canaries()].concat();
            write(Path::new(folder), &made)?;
            println!("{}", samples::json(&made));
            Ok(())
        }
        _ => Err(io::Error::other("usage: make_samples [--canaries DIR]")),
    }
}

fn write(folder: &Path, samples: &[samples::Sample]) -> io::Result<()> {
    for sample in samples {
        let path = folder.join(&sample.file);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, &sample.bytes)?;
    }
    Ok(())
}

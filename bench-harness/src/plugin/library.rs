//! A plugin's shared object: found, loaded, and held against the header before anything is asked of it.
//!
//! This has to be `unsafe`: loading runs the library's constructors, and what it exports is believed to
//! have the type that the header gives it. Everything that can be checked without calling further is
//! checked here, once, so that `table` can rely on it.
#![allow(unsafe_code)] // the loader's interface, and pointers that come out of a library

use std::ffi::c_char;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread::ThreadId;

use super::abi::{self, ABI_VERSION, Backend, Head};
use super::error::{NoPlugin, PluginError};
use super::own::Own;

/// Names and versions have at most so many characters.
const TEXT_MAX: usize = 32;

/// A loaded plugin. It stays loaded until the program ends: its functions are held by tables, its name
/// by the registry, and a library may have left threads or handlers behind that unloading would pull the
/// code away from.
#[derive(Debug)]
pub struct Library {
    path: PathBuf,
    name: String,
    version: String,
    flags: u32,
    pub(super) functions: Functions,
    /// Which thread calls it: the first that made a table. The interface promises that no two calls run
    /// at the same time; of a control, which has nothing that calls could share, `None`.
    pub(super) caller: Option<OnceLock<ThreadId>>,
}

/// The functions of a backend, those that must be there being there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Functions {
    pub(super) create: abi::Create,
    pub(super) destroy: abi::Destroy,
    pub(super) physload: abi::Physload,
    pub(super) page_init: abi::PageInit,
    pub(super) boot_done: Option<abi::BootDone>,
    pub(super) plug: Option<abi::Plug>,
    pub(super) unplug: Option<abi::Unplug>,
    pub(super) find: Option<abi::Find>,
    pub(super) find_batch: Option<abi::FindBatch>,
    pub(super) segments: abi::Count,
    pub(super) bytes: Option<abi::Count>,
}

/// What was loaded, so that each path is loaded once.
static LOADED: Mutex<Vec<&'static Library>> = Mutex::new(Vec::new());

impl Library {
    /// Loads the plugin at `path`, or hands out the one that was loaded from there before. A relative path
    /// is one from the current folder; the loader's own search path is never consulted, so that a file
    /// name alone means a file here and not some library of the system's.
    ///
    /// The library's constructors run, and `physseg_backend_v1`. One that crashes or hangs there takes
    /// the process with it.
    ///
    /// # Errors
    /// [`PluginError`].
    pub fn load(path: &Path) -> Result<&'static Self, PluginError> {
        let path = real_path(path)?;
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = loaded.iter().find(|library| library.path == path) {
            return Ok(there);
        }
        let library = open(&path)
            .and_then(|backend| Self::checked(path.clone(), &backend))
            .map_err(|why| PluginError { path, why })?;
        let library: &'static Self = Box::leak(Box::new(library));
        loaded.push(library);
        Ok(library)
    }

    /// A control of this program behind the interface.
    pub fn own(own: Own) -> &'static Self {
        let path = PathBuf::from(own.name());
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        // Files have absolute paths, so that none is taken for it.
        if let Some(there) = loaded.iter().find(|library| library.path == path) {
            return there;
        }
        let library: &'static Self = Box::leak(Box::new(Self {
            path,
            name: own.name().to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            flags: own.flags(),
            functions: own.functions(),
            caller: None,
        }));
        loaded.push(library);
        library
    }

    /// What the struct says, if it is as the header demands.
    fn checked(path: PathBuf, backend: &Backend) -> Result<Self, NoPlugin> {
        let Head { flags, reserved, .. } = backend.head;
        let known = abi::FLAG_LINEAR_UPDATES | abi::FLAG_NULL;
        for (field, found, unknown) in
            [("flags", flags, flags & !known), ("reserved", reserved, reserved)]
        {
            if unknown != 0 {
                return Err(NoPlugin::UnknownBits { field, found });
            }
        }
        let functions = functions(backend)?;
        let name = text(
            "name",
            backend.name,
            |byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'),
            "1 to 32 of a-z 0-9 . _ -",
        )?;
        let version = text(
            "version",
            backend.version,
            |byte| matches!(byte, b' '..=b'~'),
            "1 to 32 printable ASCII characters",
        )?;
        Ok(Self { path, name, version, flags, functions, caller: Some(OnceLock::new()) })
    }

    /// Where it was loaded from: an absolute path; of a control its name.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it calls itself.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its own version.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Whether plug and unplug take time in proportion to the number of segments.
    pub fn linear_updates(&self) -> bool {
        self.flags & abi::FLAG_LINEAR_UPDATES != 0
    }

    /// Whether it is no backend but shows what calling one costs.
    pub fn is_null(&self) -> bool {
        self.flags & abi::FLAG_NULL != 0
    }

    /// Whether it can be asked for one frame at a time.
    pub fn finds_one(&self) -> bool {
        self.functions.find.is_some()
    }

    /// Whether it can be asked for many frames at once.
    pub fn finds_batches(&self) -> bool {
        self.functions.find_batch.is_some()
    }

    /// Whether segments can be added after boot.
    pub fn plugs(&self) -> bool {
        self.functions.plug.is_some()
    }

    /// Whether frames can be taken away after boot.
    pub fn unplugs(&self) -> bool {
        self.functions.unplug.is_some()
    }
}

/// The absolute path, links resolved, of what is at least a file: the loader would hand out one library for
/// two paths to it, and its tables belong to one thread.
fn real_path(path: &Path) -> Result<PathBuf, PluginError> {
    let error = |path: &Path, why| PluginError { path: path.to_owned(), why };
    let unreadable = |from: std::io::Error| NoPlugin::Unreadable(from.to_string());
    if path.as_os_str().is_empty() {
        return Err(error(path, NoPlugin::NoPath));
    }
    let absolute = std::path::absolute(path).map_err(|from| error(path, unreadable(from)))?;
    let real = std::fs::canonicalize(&absolute);
    let real = real.map_err(|from| error(&absolute, unreadable(from)))?;
    if real.is_file() { Ok(real) } else { Err(error(&absolute, NoPlugin::NotAFile)) }
}

/// Loads the shared object and copies its struct.
fn open(path: &Path) -> Result<Backend, NoPlugin> {
    let library = load(path).map_err(|error| NoPlugin::NotLoadable(in_words(&error, path)))?;
    // SAFETY: the name is the interface's own, versioned, and a symbol under it has the type that the
    // header declares; a library that means something else by it breaks the contract.
    let entry = unsafe { library.get::<abi::Entry>(abi::ENTRY) };
    let entry = *entry.map_err(|_| NoPlugin::NoEntry)?;
    // Never unloaded, see `Library`.
    std::mem::forget(library);
    // SAFETY: the function takes no arguments and may be called once the library is loaded; the lock that
    // `Library::load` holds keeps other calls away.
    let backend = unsafe { entry() };
    if backend.is_null() {
        return Err(NoPlugin::Null);
    }
    if !backend.is_aligned() {
        return Err(NoPlugin::Misaligned(backend.addr()));
    }
    // SAFETY: not null, aligned, and by the contract valid for as long as the library is loaded. Every
    // version of the interface begins with these 16 bytes, so no more than those are read yet.
    let head = unsafe { backend.cast::<Head>().read() };
    if head.abi_version != ABI_VERSION {
        return Err(NoPlugin::OtherVersion { found: head.abi_version, expected: ABI_VERSION });
    }
    let expected = size_of::<Backend>();
    if (head.struct_size as usize) < expected {
        return Err(NoPlugin::TooSmall { found: head.struct_size, expected });
    }
    // SAFETY: as above, and the struct says itself that it has all bytes that are copied. Any bits are valid
    // for its fields: numbers, raw pointers, and functions that may be null.
    Ok(unsafe { backend.read() })
}

/// Loads a shared object, with everything that it needs resolved at once: what is missing is then said
/// here, instead of ending the program in the middle of a measurement, and no call is the first one that
/// has to be resolved.
#[cfg(unix)]
fn load(path: &Path) -> Result<libloading::Library, libloading::Error> {
    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
    // SAFETY: its constructors run, foreign code that nothing is known of; who loads a plugin has chosen to
    // run it. The path is absolute, so that it is this file and no other.
    unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }.map(Into::into)
}

#[cfg(not(unix))]
fn load(path: &Path) -> Result<libloading::Library, libloading::Error> {
    // SAFETY: as above.
    unsafe { libloading::Library::new(path) }
}

/// What the loader said, without the path, which the message begins with anyway.
fn in_words(error: &libloading::Error, path: &Path) -> String {
    let mut said = error.to_string();
    if let Some(cause) = std::error::Error::source(error).map(ToString::to_string)
        && !said.contains(&cause)
    {
        said = format!("{said}: {cause}");
    }
    let path = path.display().to_string();
    said.replace(&format!("{path}: "), "").escape_debug().to_string()
}

/// The functions, where all are there that must be.
fn functions(backend: &Backend) -> Result<Functions, NoPlugin> {
    let Backend { create, destroy, physload, page_init, segments, .. } = *backend;
    let missing: Vec<&str> = [
        ("create", create.is_none()),
        ("destroy", destroy.is_none()),
        ("physload", physload.is_none()),
        ("page_init", page_init.is_none()),
        ("segments", segments.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, missing)| missing.then_some(name))
    .collect();
    let (Some(create), Some(destroy), Some(physload), Some(page_init), Some(segments)) =
        (create, destroy, physload, page_init, segments)
    else {
        let verb = if missing.len() == 1 { "is" } else { "are" };
        return Err(NoPlugin::Missing(format!("{} {verb}", missing.join(", "))));
    };
    let Backend { boot_done, plug, unplug, find, find_batch, bytes, .. } = *backend;
    if find.is_none() && find_batch.is_none() {
        return Err(NoPlugin::NothingFinds);
    }
    Ok(Functions {
        create,
        destroy,
        physload,
        page_init,
        boot_done,
        plug,
        unplug,
        find,
        find_batch,
        segments,
        bytes,
    })
}

/// The text at `pointer`, of which no more is read than may be there.
fn text(
    field: &'static str,
    pointer: *const c_char,
    allowed: fn(u8) -> bool,
    demanded: &'static str,
) -> Result<String, NoPlugin> {
    let bad = |found: String| NoPlugin::BadText { field, found, demanded };
    if pointer.is_null() {
        return Err(bad("NULL".to_owned()));
    }
    let mut text = Vec::new();
    for at in 0..=TEXT_MAX {
        // SAFETY: the header demands a text that ends within 33 bytes, and each byte is read only after
        // those before it were found not to be its end.
        #[allow(clippy::cast_sign_loss)] // bytes, whichever sign the system's char has
        let byte = unsafe { pointer.add(at).read() } as u8;
        if byte != 0 {
            text.push(byte);
            continue;
        }
        let is_allowed = !text.is_empty() && text.iter().all(|&byte| allowed(byte));
        // As whoever wrote it knows it; what is no text in escapes.
        let shown = text.escape_ascii().to_string();
        return match String::from_utf8(text) {
            Ok(text) if is_allowed => Ok(text),
            Ok(text) if text.is_empty() => Err(bad("empty".to_owned())),
            Ok(text) => Err(bad(format!("{text:?}"))),
            Err(_) => Err(bad(format!("\"{shown}\""))),
        };
    }
    let shown = String::from_utf8_lossy(&text).into_owned();
    Err(bad(format!("{shown:?}..., which goes on")))
}

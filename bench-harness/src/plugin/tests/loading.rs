//! What is loaded, and what is refused with which words.

use std::path::Path;

use physseg::{FrameRange, PageSize, Pfn};

use super::Compiled;
use crate::plugin::{Answer, Code, Library, NoPlugin, Table};

fn refusal(path: &Path) -> NoPlugin {
    let error = Library::load(path).expect_err("no plugin");
    assert!(error.path.is_absolute(), "{error}");
    assert!(error.to_string().contains(": "), "{error}");
    error.why
}

#[test]
fn files_that_are_no_shared_objects_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let missing = refusal(&folder.path().join("missing.so"));
    assert!(matches!(&missing, NoPlugin::Unreadable(why) if why.contains("No such file")));
    assert_eq!(refusal(folder.path()), NoPlugin::NotAFile);
    let text = folder.path().join("text.so");
    std::fs::write(&text, "int main(void) { return 0; }\n").expect("written");
    assert!(matches!(refusal(&text), NoPlugin::NotLoadable(_)));
    assert_eq!(Library::load(Path::new("")).expect_err("no path").why, NoPlugin::NoPath);
    // A name of the system's libraries is a file here like any other, and there is none.
    assert!(matches!(refusal(Path::new("libc.so.6")), NoPlugin::Unreadable(_)));
}

#[test]
fn what_is_not_as_the_header_demands_is_refused() {
    let missing = |what: &str| NoPlugin::Missing(what.to_owned());
    let name = |found: &str| NoPlugin::BadText {
        field: "name",
        found: found.to_owned(),
        demanded: "1 to 32 of a-z 0-9 . _ -",
    };
    let long = "x".repeat(33);
    let expected = size_of::<usize>() * 13 + 16;
    for (faults, why) in [
        (&["ENTRY=other"][..], NoPlugin::NoEntry),
        (&["NO_BACKEND"], NoPlugin::Null),
        (&["ABI=2"], NoPlugin::OtherVersion { found: 2, expected: 1 }),
        (&["SIZE=40"], NoPlugin::TooSmall { found: 40, expected }),
        (&["FLAGS=4"], NoPlugin::UnknownBits { field: "flags", found: 4 }),
        (&["CREATE=NULL"], missing("create is")),
        (&["CREATE=NULL", "SEGMENTS=NULL"], missing("create, segments are")),
        (&["FIND=NULL", "FIND_BATCH=NULL"], NoPlugin::NothingFinds),
        (&["NAME=NULL"], name("NULL")),
        (&["NAME=\"\""], name("empty")),
        (&["NAME=\"My one\""], name("\"My one\"")),
        (&["NAME=\"m\\377\""], name("\"m\\xff\"")),
        (&[&format!("NAME=\"{long}\"")], name(&format!("\"{long}\"..., which goes on"))),
    ] {
        let Some(compiled) = Compiled::minimal(faults) else { return };
        assert_eq!(refusal(&compiled.path()), why, "{faults:?}");
    }
}

#[test]
fn a_file_is_loaded_once_and_says_what_it_is() {
    let Some(compiled) = Compiled::minimal(&["FLAGS=PHYSSEG_FLAG_LINEAR_UPDATES"]) else { return };
    let library = Library::load(&compiled.path()).expect("a plugin");
    assert!(std::ptr::eq(library, Library::load(&compiled.path()).expect("again")));
    assert_eq!((library.name(), library.version()), ("minimal", "1.0, for tests"));
    assert!(library.linear_updates() && !library.is_null());
}

#[test]
fn a_table_hands_calls_on_and_codes_back() {
    let Some(compiled) = Compiled::minimal(&["ROOM=2"]) else { return };
    let library = Library::load(&compiled.path()).expect("a plugin");
    let mut table = Table::create(library, PageSize::FOUR_KIB, 2).expect("memory");
    let at = Pfn::new;
    let frames = FrameRange::new(at(16), at(32)).expect("not empty");
    table.physload(frames).expect("room");
    assert_eq!(table.physload_from(at(31), at(40)), Err(Code::Invalid));
    assert_eq!(table.page_init(at(16), at(31), 5), Err(Code::Invalid));
    table.page_init(at(16), at(32), 100).expect("the segment");
    table.boot_done().expect("nothing to do");
    table.plug(at(0), at(8), 700).expect("room");
    assert_eq!(table.plug(at(64), at(65), 1), Err(Code::NoMemory));
    table.unplug(at(16), at(18)).expect("its front");
    assert_eq!((table.segments(), table.bytes()), (2, None));
    let hit = |segment_start, page| Answer { segment_start, page };
    let mut answers = [hit(9, 9); 4];
    table.find_batch(&[at(18), at(15), at(31)], &mut answers);
    assert_eq!(answers, [hit(18, 102), Answer::MISS, hit(18, 115), hit(9, 9)]);
    assert_eq!((table.find(at(7)), table.find(at(17))), (hit(0, 707), Answer::MISS));
}

#[test]
fn a_library_belongs_to_one_thread() {
    let Some(compiled) = Compiled::minimal(&[]) else { return };
    let library = Library::load(&compiled.path()).expect("a plugin");
    let create = move || Table::create(library, PageSize::FOUR_KIB, 0).map(drop);
    assert_eq!(create(), Ok(()));
    let elsewhere = std::thread::spawn(create).join().expect("no panic");
    assert_eq!((elsewhere, create()), (Err(Code::OtherThread), Ok(())));
}

#[test]
fn one_way_of_finding_stands_in_for_the_other() {
    for fault in ["FIND=NULL", "FIND_BATCH=NULL"] {
        let Some(compiled) = Compiled::minimal(&[fault]) else { return };
        let library = Library::load(&compiled.path()).expect("a plugin");
        let mut table = Table::create(library, PageSize::FOUR_KIB, 1).expect("memory");
        let (start, end) = (Pfn::new(4), Pfn::new(8));
        table.plug(start, end, 50).expect("room");
        let hit = Answer { segment_start: 4, page: 53 };
        let mut answers = [Answer::MISS; 2];
        table.find_batch(&[end, Pfn::new(7)], &mut answers);
        assert_eq!((answers, table.find(Pfn::new(7))), ([Answer::MISS, hit], hit), "{fault}");
        let single = format!("plugin:{}@single", compiled.path().display());
        let entry = crate::registry::find(&single).expect("a file");
        assert_eq!(entry.load().is_ok(), fault != "FIND=NULL");
    }
}

//! `review` in a terminal of its own: keys instead of lines.

use std::fs::File;
use std::io::Write;
use std::os::fd::OwnedFd;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::support::{PLAIN, Project, Running};

const QUESTION: &str = "[q]uit? ";

/// The program in a terminal, and the side of the person who sits there.
struct Person {
    running: Running,
    keys: File,
    terminal: OwnedFd,
}

impl Person {
    fn at(project: &Project, arguments: &[&str]) -> Person {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal");
        let name = ptsname(&master, Vec::new()).expect("a name").into_string().expect("a path");
        let terminal = File::options().read(true).write(true).open(name).expect("the other side");
        tcsetwinsize(&terminal, Winsize { ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0 }).expect("a size");
        let side = || Stdio::from(terminal.try_clone().expect("a copy"));
        let mut command = project.command(arguments);
        command.env("TERM", "xterm-256color");
        let child = command.stdin(side()).stdout(side()).stderr(side()).spawn().expect("the program");
        drop(command);
        let keys = File::from(master);
        let running = Running::of(child, keys.try_clone().expect("a copy"));
        Person { running, keys, terminal: terminal.into() }
    }

    fn presses(&mut self, keys: &str) {
        self.running.waits_for(QUESTION);
        // A key that comes before the program listens to single keys is taken for a part of a line.
        let until = Instant::now() + Duration::from_secs(30);
        while tcgetattr(&self.terminal).expect("modes").local_modes.contains(LocalModes::ICANON) {
            assert!(Instant::now() < until, "no single keys are read");
            std::thread::sleep(Duration::from_millis(1));
        }
        self.keys.write_all(keys.as_bytes()).expect("written");
    }

    fn ends(&mut self) -> Option<i32> {
        self.running.child.wait().expect("it ends").code()
    }

    /// Whether the terminal reads lines and shows what is typed, as it was found.
    fn is_as_before(&self) -> bool {
        let modes = tcgetattr(&self.terminal).expect("modes").local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }
}

fn waiting() -> Project {
    let project = Project::new();
    let write = |answer: u8| {
        let spec = format!("{PLAIN}[[case]]\nname = \"x\"\nreply.json = {{ answer = {answer} }}\n");
        ["a", "b", "c"].iter().for_each(|name| project.write(&format!("specs/{name}.toml"), &spec));
    };
    write(1);
    project.approve();
    write(2);
    project.run(&["test"]).ends(1);
    project
}

#[test]
fn a_key_decides_without_enter() {
    let project = waiting();
    let mut person = Person::at(&project, &["review"]);
    person.presses("a");
    person.running.waits_for("accepted snapshots/a/x.snap");
    person.presses("x");
    person.presses("d");
    let said = person.running.waits_for("\u{1b}[32m+  {\"answer\":2}");
    assert!(said.contains(" │ "), "the other diff, in colours: {said}");
    person.presses("r");
    person.running.waits_for("rejected snapshots/b/x.snap");
    person.presses("s");
    assert_eq!(person.ends(), Some(1));
    assert!(person.is_as_before());
    let left = ["snapshots/a/x.snap", "snapshots/b/x.snap", "snapshots/c/x.snap", "snapshots/c/x.snap.new"];
    assert_eq!(project.files("snapshots"), left);
}

#[test]
fn quitting_and_interrupting_leave_the_terminal_and_the_rest_as_they_were() {
    let project = waiting();
    for (keys, code) in [("q", Some(1)), ("\u{4}", Some(1)), ("\u{3}", None)] {
        let mut person = Person::at(&project, &["review", "--side-by-side"]);
        person.presses(keys);
        assert_eq!(person.ends(), code, "{keys:?}");
        assert!(person.is_as_before(), "{keys:?}");
        assert_eq!(project.files("snapshots").len(), 6);
    }
}

//! A browser, told what to do over the Chrome `DevTools` Protocol.
//!
//! Clicks, keys and the mouse are events of the browser, not calls of the page's functions: what happens is what a user
//! would see. Every wait ends after a while.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;
use tungstenite::{Message, WebSocket};

/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_secs(60);
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// A browser with one page.
pub(crate) struct Browser {
    process: Child,
    socket: WebSocket<TcpStream>,
    session: Option<String>,
    calls: u64,
    /// What the browser reported unasked.
    pub(crate) events: Vec<Value>,
    _profile: TempDir,
}

impl Browser {
    /// Starts the first browser that is there; `None` where there is none.
    pub(crate) fn start() -> Option<Self> {
        let profile = TempDir::new().expect("a folder for the profile");
        let start = |name: &&str| {
            Command::new(name)
                .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"])
                .args(["--disable-background-networking", "--remote-debugging-port=0"])
                .arg(format!("--user-data-dir={}", profile.path().display()))
                .arg("about:blank")
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .ok()
        };
        let mut process = NAMES.iter().find_map(start)?;
        let Some(socket) = connected(&mut process, profile.path()) else {
            let _ = process.kill();
            let _ = process.wait();
            panic!("the browser did not open its port");
        };
        let mut browser = Self {
            process,
            socket,
            session: None,
            calls: 0,
            events: Vec::new(),
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({ "url": "about:blank" }));
        let attach = json!({ "targetId": target["targetId"], "flatten": true });
        let session = browser.call("Target.attachToTarget", attach);
        browser.session = session["sessionId"].as_str().map(String::from);
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Carries out one command and returns its result.
    #[track_caller]
    pub(crate) fn call(&mut self, method: &str, params: Value) -> Value {
        self.calls += 1;
        let mut command = json!({ "id": self.calls, "method": method });
        command["params"] = params;
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        self.socket.send(Message::text(command.to_string())).expect("the browser listens");
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            let Some(message) = self.message() else { continue };
            if message["id"] != json!(self.calls) {
                self.events.push(message);
            } else if message["error"].is_null() {
                return message["result"].clone();
            } else {
                panic!("{method}: {}", message["error"]);
            }
        }
        panic!("{method}: no answer; dialogs: {:?}", self.named("Page.javascriptDialogOpening"));
    }

    /// One message; `None` where none came for a moment.
    fn message(&mut self) -> Option<Value> {
        match self.socket.read() {
            Ok(Message::Text(text)) => Some(serde_json::from_str(&text).expect("JSON")),
            Ok(_) => None,
            Err(tungstenite::Error::Io(error))
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) =>
            {
                None
            }
            Err(error) => panic!("the browser is gone: {error}"),
        }
    }

    /// The events of one name.
    pub(crate) fn named(&self, method: &str) -> Vec<&Value> {
        self.events.iter().filter(|event| event["method"] == json!(method)).collect()
    }

    /// What an expression comes to in the page.
    #[track_caller]
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let ask = json!({ "expression": expression, "returnByValue": true, "awaitPromise": true });
        let answer = self.call("Runtime.evaluate", ask);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// The same as text.
    #[track_caller]
    pub(crate) fn text(&mut self, expression: &str) -> String {
        let value = self.value(expression);
        value.as_str().unwrap_or_else(|| panic!("{expression}: {value}")).to_owned()
    }

    /// Waits until an expression is true.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, expression: &str) {
        let started = Instant::now();
        while self.value(expression) != json!(true) {
            assert!(started.elapsed() < PATIENCE, "never true: {expression}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Opens a page and waits until it is there.
    #[track_caller]
    pub(crate) fn open(&mut self, url: &str) {
        self.call("Page.navigate", json!({ "url": url }));
        self.wait_for("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /// Left, top, width and height of an element in the window, after scrolling to it.
    #[track_caller]
    pub(crate) fn place(&mut self, element: &str) -> [f64; 4] {
        let place = self.value(&format!(
            "(() => {{ const e = {element}; e.scrollIntoView({{ block: 'center', behavior: 'instant' }}); \
             const r = e.getBoundingClientRect(); return [r.left, r.top, r.width, r.height]; }})()"
        ));
        [0, 1, 2, 3].map(|at| place[at].as_f64().expect("a number"))
    }

    pub(crate) fn mouse(&mut self, kind: &str, x: f64, y: f64) {
        let pressed = kind != "mouseMoved";
        let button = if pressed { "left" } else { "none" };
        let clicks = u32::from(pressed);
        let event = json!({ "type": kind, "x": x, "y": y, "button": button, "clickCount": clicks });
        self.call("Input.dispatchMouseEvent", event);
    }

    /// Clicks into the middle of an element.
    #[track_caller]
    pub(crate) fn click(&mut self, element: &str) {
        let [left, top, width, height] = self.place(element);
        let (x, y) = (left + width / 2.0, top + height / 2.0);
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            self.mouse(kind, x, y);
        }
    }

    /// Presses and releases a key: its name, and what it writes if anything.
    pub(crate) fn press(&mut self, key: &str, code: u32, text: &str) {
        let mut down =
            json!({ "type": "keyDown", "key": key, "code": key, "windowsVirtualKeyCode": code });
        if !text.is_empty() {
            down["text"] = json!(text);
        }
        self.call("Input.dispatchKeyEvent", down);
        let up = json!({ "type": "keyUp", "key": key, "code": key, "windowsVirtualKeyCode": code });
        self.call("Input.dispatchKeyEvent", up);
    }

    /// Types letters.
    pub(crate) fn write(&mut self, letters: &str) {
        for letter in letters.chars() {
            let letter = letter.to_string();
            self.call(
                "Input.dispatchKeyEvent",
                json!({ "type": "keyDown", "text": letter, "key": letter }),
            );
            self.call("Input.dispatchKeyEvent", json!({ "type": "keyUp", "key": letter }));
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The socket of a browser that says in its profile which port it took.
fn connected(process: &mut Child, profile: &Path) -> Option<WebSocket<TcpStream>> {
    let started = Instant::now();
    while started.elapsed() < PATIENCE {
        sleep(Duration::from_millis(50));
        let told = std::fs::read_to_string(profile.join("DevToolsActivePort")).unwrap_or_default();
        let mut lines = told.lines();
        if let (Some(port), Some(path)) = (lines.next(), lines.next()) {
            let stream = TcpStream::connect(format!("127.0.0.1:{port}")).ok()?;
            let url = format!("ws://127.0.0.1:{port}{path}");
            let (socket, _) = tungstenite::client(url, stream).ok()?;
            socket.get_ref().set_read_timeout(Some(Duration::from_millis(200))).ok()?;
            return Some(socket);
        }
        if process.try_wait().ok()?.is_some() {
            return None;
        }
    }
    None
}

//! What it costs to run cases against the in-process stand-in.
#![allow(clippy::disallowed_methods, clippy::disallowed_types, clippy::disallowed_macros, reason = "a benchmark")]

use criterion::{Criterion, criterion_group, criterion_main};
use hookwright::case::{Answer, Fault, Reply};
use hookwright::eval::Request;
use hookwright::mock::{Backend, share_one_processor};
use hookwright::run::{Client, Destination, Limits};
use hookwright::value::TaintedText;

fn request() -> Request {
    let header = |name: &str, value: &str| (name.to_string(), TaintedText::plain(value));
    Request {
        method: "POST".to_string(),
        url: TaintedText::plain("https://helpdesk.example.com/api/v2/tickets?user=42"),
        headers: vec![header("Content-Type", "application/json"), header("Authorization", "Bearer k-123")],
        body: Some(TaintedText::plain(r#"{"title":"Broken TV","age":36,"who":"Ada Lovelace"}"#)),
    }
}

fn answer() -> Answer {
    Answer::Reply(Reply {
        status: 201,
        headers: vec![("Content-Type".to_string(), "application/json".to_string())],
        delay_milliseconds: 0,
        body: br#"{"data":{"id":7,"assignee":{"name":"Grace"}}}"#.to_vec(),
    })
}

fn start() -> (Client, Backend) {
    (Client::new().expect("a client"), Backend::start().expect("a backend"))
}

fn exchange((client, backend): &mut (Client, Backend), request: &Request, answer: &Answer) {
    let address = backend.prepare(answer).expect("an answer that can be given");
    let sent = client.send(request, &Destination { address, answer, secured: None }, &Limits::default());
    assert_eq!((sent.failure.is_none(), backend.received().is_some()), (matches!(answer, Answer::Reply(_)), sent.reached));
}

/// As `test` does it: every worker is a thread with a client and servers of its own.
fn run(workers: usize, exchanges: usize, request: &Request, answer: &Answer) {
    std::thread::scope(|scope| {
        for index in 0..workers {
            scope.spawn(move || {
                share_one_processor(index);
                let mut worker = start();
                (0..exchanges).for_each(|_| exchange(&mut worker, request, answer));
            });
        }
    });
}

fn exchanges(criterion: &mut Criterion) {
    let (request, answer) = (request(), answer());
    criterion.bench_function("start a worker", |bencher| bencher.iter(start));
    criterion.bench_function("a worker and its first exchange", |bencher| {
        bencher.iter(|| exchange(&mut start(), &request, &answer));
    });
    for workers in [1, 2] {
        criterion.bench_function(&format!("100 exchanges, workers: {workers}"), |bencher| {
            bencher.iter(|| run(workers, 100 / workers, &request, &answer));
        });
    }
    share_one_processor(0);
    let mut worker = start();
    criterion.bench_function("one exchange", |bencher| bencher.iter(|| exchange(&mut worker, &request, &answer)));
    for (name, fault) in [("empty", Fault::Empty), ("connection-refused", Fault::ConnectionRefused), ("tls", Fault::Tls)] {
        let answer = Answer::Fault(fault);
        criterion.bench_function(&format!("the fault {name}"), |bencher| {
            bencher.iter(|| exchange(&mut worker, &request, &answer));
        });
    }
}

criterion_group!(benches, exchanges);
criterion_main!(benches);

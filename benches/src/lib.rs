//! What the benches share: tables built from the harness's layouts.

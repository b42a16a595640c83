//! Update callbacks. Each gets a token that is already in use. They are called one at a time and in order.

use std::collections::VecDeque;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;

use super::Engine;
use super::hook::Hook;
use super::place::Task;
use super::runtimes::Runtimes;
use crate::provider::TokenUpdateCallback;
use crate::text;
use crate::token::Token;
use crate::trace::event;

/// The pending calls, and the task that makes them.
#[derive(Default)]
pub(super) struct Callbacks {
    pending: VecDeque<Notification>,
    task: Option<Task<()>>,
}

/// A pending notification of the application about a token.
pub(super) struct Notification {
    token: Token,
    runtimes: Arc<Runtimes>,
}

impl Callbacks {
    /// Drops the pending calls, because the application has set or cleared the token since.
    pub(super) fn cancel(&mut self) -> VecDeque<Notification> {
        std::mem::take(&mut self.pending)
    }

    /// Takes the task, which the caller must drop.
    pub(super) fn take_task(&mut self) -> Option<Task<()>> {
        self.task.take()
    }
}

impl Engine {
    /// Queues a notification about `token`. The task ends when all pending notifications were delivered.
    pub(super) fn notify(
        self: &Arc<Self>,
        token: Token,
        runtimes: &Arc<Runtimes>,
    ) -> Option<Task<()>> {
        self.settings.callback.as_ref()?;
        let mut state = self.lock();
        let callbacks = state.callbacks();
        callbacks.pending.push_back(Notification {
            token,
            runtimes: Arc::clone(runtimes),
        });
        let start = || {
            let engine = Arc::clone(self);
            self.spawn(async move {
                engine.call_back().await;
                Ok(())
            })
        };
        Some(callbacks.task.get_or_insert_with(start).clone())
    }

    /// Returns the task that makes the pending calls, if there are any.
    pub(super) fn callbacks_under_way(&self) -> Option<Task<()>> {
        self.lock().callbacks().task.clone()
    }

    async fn call_back(&self) {
        while let Some((callback, next)) = self.next_callback() {
            let called = AssertUnwindSafe(self.call_once(callback, next));
            // A subscriber that panics costs one event, and not the following callbacks.
            let _ = called.catch_unwind().await;
        }
    }

    fn next_callback(&self) -> Option<(&TokenUpdateCallback, Notification)> {
        let callback = self.settings.callback.as_ref()?;
        let mut state = self.lock();
        if let Some(next) = state.callbacks().pending.pop_front() {
            return Some((callback, next));
        }
        let ended = state.callbacks().task.take();
        drop(state);
        drop(ended);
        None
    }

    async fn call_once(&self, callback: &TokenUpdateCallback, next: Notification) {
        event!(
            debug,
            scheme = self.settings.scheme,
            "update callback called"
        );
        let (call, token) = (callback.clone(), next.token.clone());
        let limit = self.settings.limits().hook_timeout;
        // As a task it would end with the runtime of a caller that does not wait for it.
        let is_async = false;
        let hook = Hook::new(move || call.call(token), is_async, limit);
        let Err(failure) = self.call_hook(hook, &next.runtimes).await else {
            return;
        };
        self.counters.callback_failures.add();
        let mut secrets = self.secrets();
        secrets.extend(next.token.secrets());
        let text = text::clean(&failure.to_string(), 300, &secrets);
        event!(
            warn,
            scheme = self.settings.scheme,
            error = text,
            "update callback failed; the token is kept"
        );
        let _ = text;
    }
}

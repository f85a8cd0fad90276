// What the files of the pretended backend share.
#pragma once

#include "core/refusal.hpp"
#include "web/model/backend.hpp"
#include "web/model/later.hpp"

namespace rekey::web::offline {

constexpr int answer_ms = 30;  ///< an answer comes later, as over a network

/// What the state machine refused, as the backend says it.
Trouble refusal(Refusal why);

template <class T>
void answer(Then<T> then, Reply<T> reply) {
  later(answer_ms, [then = std::move(then), reply = std::move(reply)] { then(reply); });
}

}  // namespace rekey::web::offline

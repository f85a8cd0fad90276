// JSON of states, events and effects, compiled once in core. To be included instead of json.hpp by
// what reads or writes them: it works without, but costs each such file seconds to compile.
#pragma once

#include "core/connection.hpp"
#include "core/wire/json.hpp"

namespace rekey::wire {

REKEY_WIRE(extern, connect::Company);
REKEY_WIRE(extern, connect::Lifetimes);
REKEY_WIRE(extern, connect::Linked);
REKEY_WIRE(extern, connect::Origin);
REKEY_WIRE(extern, connect::Phase);
REKEY_WIRE(extern, connect::Revocation);
REKEY_WIRE(extern, connect::State);
REKEY_WIRE(extern, imports::Phase);
REKEY_WIRE(extern, imports::State);
REKEY_WIRE(extern, save::Phase);
REKEY_WIRE(extern, save::State);
REKEY_WIRE(extern, State);
REKEY_WIRE(extern, Event);
REKEY_WIRE(extern, Effect);
REKEY_WIRE(extern, Effects);

}  // namespace rekey::wire

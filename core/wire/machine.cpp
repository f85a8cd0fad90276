#include "core/wire/machine.hpp"

namespace rekey::wire {

REKEY_WIRE(, connect::Company);
REKEY_WIRE(, connect::Lifetimes);
REKEY_WIRE(, connect::Linked);
REKEY_WIRE(, connect::Origin);
REKEY_WIRE(, connect::Phase);
REKEY_WIRE(, connect::Revocation);
REKEY_WIRE(, connect::State);
REKEY_WIRE(, imports::Phase);
REKEY_WIRE(, imports::State);
REKEY_WIRE(, save::Phase);
REKEY_WIRE(, save::State);
REKEY_WIRE(, State);
REKEY_WIRE(, Event);
REKEY_WIRE(, Effect);
REKEY_WIRE(, Effects);

}  // namespace rekey::wire

#include "core/wire/page.hpp"

namespace rekey::wire {

REKEY_WIRE(, mapping::Records);
REKEY_WIRE(, mapping::Configuration);
REKEY_WIRE(, Actor);
REKEY_WIRE(, Notice);
REKEY_WIRE(, std::vector<Notice>);
REKEY_WIRE(, Page);
REKEY_WIRE(, Sessions);
REKEY_WIRE(, Stepped);
REKEY_WIRE(, Command);
REKEY_WIRE(, Outcome);
REKEY_WIRE(, Callback);
REKEY_WIRE(, Problem);
REKEY_WIRE(, WayOn);

}  // namespace rekey::wire

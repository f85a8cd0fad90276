// What an operator's command leaves in the audit.
#pragma once

#include "native/app.hpp"
#include "native/work/audit.hpp"

namespace rekey::cli {

/// Puts down what was done by a command.
inline void note(store::Databases& databases, audit::Event event, const wire::Json& detail) {
  audit::note(databases, {event, wire::by_operator(), {}, {}, {}, detail}, system_now());
}

}  // namespace rekey::cli

// The page at the front: everything that /sandbox/state and its neighbours tell, and a form for
// everything that they take.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "native/http/http.hpp"
#include "native/sandbox/control/control.hpp"

namespace rekey::sandbox {

/// What there is, as GET /sandbox/state tells it.
nlohmann::json describe_state(const ControlParts& parts);

/// `problem` is why the last form was refused; empty: it was not.
http::Response front_page(const ControlParts& parts, const http::Request& request,
                          const std::string& problem = {});

/// Its sections on trouble asked for, and on what has been received (front_trouble.cpp).
std::string faults_section(const Faults& faults, const Companies& companies);
std::string requests_section(const Ledger& ledger);

}  // namespace rekey::sandbox

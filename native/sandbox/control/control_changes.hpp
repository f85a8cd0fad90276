// The controls that change records as people at QuickBooks do, and steer who is told of it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "native/http/http.hpp"
#include "native/sandbox/control/control.hpp"

namespace rekey::sandbox {

/// What a control refuses, as a problem document.
http::Response control_problem(int status, const std::string& what);

/// /sandbox/webhooks: the rules, which a POST changes, and the latest attempts.
http::Response control_webhooks(const ControlParts& parts, const http::Request& request,
                                const nlohmann::json& body);
/// /sandbox/changes: does one thing to a list of a company, once or several times.
http::Response control_changes(const ControlParts& parts, const http::Request& request,
                               const nlohmann::json& body);

/// Their section of the front page.
std::string webhooks_section(const ControlParts& parts);

}  // namespace rekey::sandbox

// What an answer of the accounting API means.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/oauth/meaning.hpp"
#include "core/wire/json.hpp"

namespace rekey::intuit {

/// A fault as the accounting API writes it: the service in JSON with capitals, the gateway in JSON
/// without, either of them in XML too.
struct Fault {
  std::string type;  ///< "ValidationFault", "SystemFault", …
  std::string code;  ///< of the first error
  std::string text;  ///< message and detail of the first error
};

/// The fault in a body, in any casing of its names; none: there is none. `json`: the body, if it is
/// JSON. Media types are not looked at: gateways send XML as JSON, and pages as either.
std::optional<Fault> fault_in(const wire::Json* json, std::string_view body);

/// Judges an answer by `accounting_answer_rows`. `json`: the body, if it is JSON.
oauth::Meaning meaning_of(int status, const wire::Json* json, const std::optional<Fault>& fault);

/// The rows for answers that are a fault, or not 200.
std::span<const oauth::AnswerRow> accounting_answer_rows();

}  // namespace rekey::intuit

// What a data-change webhook of Intuit says, in its two forms, and how it is signed.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "native/sandbox/books/company.hpp"

namespace rekey::sandbox {

/// `cloudevents`: an array of CloudEvents, Intuit's form since 2026. `notifications`:
/// `{"eventNotifications":[…]}`, the form before that.
enum class HookForm { cloudevents, notifications };

/// The body of one delivery, of changes in any number of companies.
std::string hook_body(HookForm form, std::span<const Change> changes);

/// What stands in the header `intuit-signature`: the HMAC-SHA256 of the body as it is sent under
/// the verifier token, in base64.
std::string hook_signature(std::string_view verifier_token, std::string_view body);

}  // namespace rekey::sandbox

#include "milter/desk/limits_call.h"

#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "milter/admin_socket.h"
#include "milter/desk/terminal_text.h"

namespace postern {

using Json = nlohmann::ordered_json;

int ComplainOfLimits(int status, std::string_view message) {
  fmt::print(stderr, "postern limits: {}\n", message);
  return status;
}

std::string WrittenJson(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::expected<Json, int> AskForLimits(const LimitsDesk& desk,
                                      const Json& request) {
  const auto answer = AskDaemon(AdminSocketFile(desk.config.state_directory),
                                WrittenJson(request));
  if (!answer)
    return std::unexpected(
        ComplainOfLimits(kLimitsCouldNot, answer.error().message));
  if (!*answer) return Json();
  Json json = Json::parse(**answer, nullptr, false);
  if (!json.is_object())
    return std::unexpected(
        ComplainOfLimits(kLimitsCouldNot, "the daemon made no sense"));
  if (json.value("ok", false)) return json;
  return std::unexpected(ComplainOfLimits(
      json.value("status", kLimitsCouldNot),
      TerminalText(json.value("error", "the daemon gave no reason"))));
}

std::expected<Json, int> AskRunningDaemon(const LimitsDesk& desk,
                                          const Json& request) {
  std::expected<Json, int> answer = AskForLimits(desk, request);
  if (!answer || !answer->is_null()) return answer;
  return std::unexpected(ComplainOfLimits(
      kLimitsCouldNot,
      fmt::format("the daemon does not run: nobody listens at {}; start it to "
                  "change what it counts",
                  AdminSocketFile(desk.config.state_directory))));
}

int ChangeLimits(const LimitsDesk& desk, Json request) {
  request["reason"] = desk.options.reason;
  if (const char* sudo_user = std::getenv("SUDO_USER"))
    request["sudo_user"] = sudo_user;
  const auto answer = AskRunningDaemon(desk, request);
  if (!answer) return answer.error();
  if (desk.options.is_json) fmt::print("{}\n", WrittenJson(*answer));
  return kLimitsDone;
}

}  // namespace postern

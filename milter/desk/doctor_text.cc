// How the doctor's findings are written down.

#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "milter/desk/doctor.h"
#include "milter/desk/terminal_text.h"
#include "policy/base/text.h"

namespace postern {
namespace {

std::string_view MarkOf(Health health) {
  switch (health) {
    case Health::kOk:
      return "ok";
    case Health::kWarn:
      return "WARN";
    case Health::kFail:
      return "FAIL";
    case Health::kUnknown:
      return "????";
  }
  return "";
}

std::string Summary(const std::vector<Examined>& found) {
  std::array<int, 4> counts{};
  for (const Examined& examined : found)
    ++counts.at(static_cast<std::size_t>(examined.outcome));
  return fmt::format("{} ok, {} to look at, {} wrong, {} not known\n",
                     counts[0], counts[1], counts[2], counts[3]);
}

std::string EntryText(const Examined& examined) {
  const std::string head =
      fmt::format("{:<4}  {:<15} {}", MarkOf(examined.outcome), examined.what,
                  TerminalText(examined.subject));
  const std::string detail = TerminalText(examined.detail);
  constexpr std::size_t kWidth = 80;
  const bool is_one_line =
      examined.fix.empty() && head.size() + 2 + detail.size() <= kWidth;
  std::string text = head;
  if (is_one_line) return text + (detail.empty() ? "" : ": " + detail) + "\n";
  text += "\n";
  if (!detail.empty()) text += Wrapped("      ", detail);
  for (const std::string_view line : Split(examined.fix, '\n'))
    if (!line.empty()) text += Wrapped("      > ", TerminalText(line));
  return text;
}

}  // namespace

std::string_view ToString(Health health) {
  switch (health) {
    case Health::kOk:
      return "ok";
    case Health::kWarn:
      return "warn";
    case Health::kFail:
      return "fail";
    case Health::kUnknown:
      return "unknown";
  }
  return "?";
}

std::string DoctorJson(const std::vector<Examined>& found) {
  using Json = nlohmann::ordered_json;
  std::string lines;
  for (const Examined& examined : found) {
    const Json line = {{"what", examined.what},
                       {"subject", examined.subject},
                       {"outcome", ToString(examined.outcome)},
                       {"detail", examined.detail},
                       {"fix", examined.fix}};
    // What DNS told need not be UTF-8.
    lines += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  return lines;
}

std::string DoctorText(const std::vector<Examined>& found) {
  std::string text;
  for (const Examined& examined : found) text += EntryText(examined);
  return text + "\n" + Summary(found);
}

}  // namespace postern

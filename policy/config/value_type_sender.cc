// The types of options that only sender.* and arc.* have.
#include "policy/config/value_type.h"

#include "policy/config/values.h"

namespace postern {
namespace {

bool TakeSenderRewrite(const Arrival& arrival) {
  const std::string& text = arrival.text();
  const bool is_known = text == "verp" || text == "srs" || text == "off";
  if (is_known) *std::get<std::string*>(arrival.slot) = text;
  return is_known;
}
std::vector<std::string> PrintSenderRewrite(Slot slot) {
  return {QuoteToml(*std::get<std::string*>(slot))};
}

// RFC 8601 s.2.2: a token of RFC 2045 s.5.1; a quoted one is not taken here.
bool TakeAuthservId(const Arrival& arrival) {
  const std::string& text = arrival.text();
  const bool is_token =
      !text.empty() && text.size() <= 255 &&
      text.find_first_of(" \t\r\n;:,=()<>@\"\\/[]?") == std::string::npos;
  if (is_token)
    std::get<std::vector<std::string>*>(arrival.slot)->push_back(text);
  return is_token;
}
std::vector<std::string> PrintAuthservIds(Slot slot) {
  std::vector<std::string> printed;
  for (const std::string& id : *std::get<std::vector<std::string>*>(slot))
    printed.push_back(QuoteToml(id));
  return printed;
}

}  // namespace

constinit const ValueType kSenderRewrite = {"way to switch the sender",
                                            R"("verp", "srs" or "off")",
                                            Shape::kText,
                                            Plurality::kOne,
                                            TakeSenderRewrite,
                                            PrintSenderRewrite};
constinit const ValueType kAuthservIds = {"authserv-id",  R"("mx.example.com")",
                                          Shape::kText,   Plurality::kList,
                                          TakeAuthservId, PrintAuthservIds};

}  // namespace postern

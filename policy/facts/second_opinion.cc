#include "policy/facts/second_opinion.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "policy/base/text.h"
#include "policy/facts/gather.h"
#include "policy/facts/stream_exchange.h"

namespace postern {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostSymbols = 12;
constexpr std::size_t kMostRecipients = 100;
constexpr std::int64_t kMostMessageBytes = std::int64_t{2} << 20;

// A header of the request: one line, whatever the foreign text holds.
std::string Line(std::string_view name, std::string_view value) {
  if (value.empty()) return {};
  std::string line = fmt::format("{}: ", name);
  for (const char c : value.substr(0, 998))
    line += static_cast<unsigned char>(c) < ' ' || c == 0x7f ? '?' : c;
  return line + "\r\n";
}

std::optional<double> NumberOf(std::string_view text) {
  text = Trim(text);
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() ||
      !std::isfinite(number))
    return std::nullopt;
  return number;
}

SecondOpinion Unknown(std::string_view filter, std::string fault) {
  return {.filter = std::string(filter), .fault = std::move(fault)};
}

std::string JoinSymbols(std::vector<std::string> symbols) {
  symbols.resize(std::min(symbols.size(), kMostSymbols));
  return EscapeForLog(Join(symbols, ","), 300);
}

// Symbols that speak against the message; where none has a weight, all.
std::vector<std::string> WeightiestFirst(const Json& json) {
  std::vector<std::pair<double, std::string>> weighed;
  const Json symbols = json.value("symbols", Json::object());
  for (const auto& [name, symbol] : symbols.items())
    if (symbol.is_object() && symbol.contains("score") &&
        symbol["score"].is_number())
      weighed.emplace_back(-symbol["score"].get<double>(), name);
  std::ranges::sort(weighed);
  const bool has_weight = !weighed.empty() && weighed.front().first < 0;
  std::vector<std::string> names;
  for (const auto& [weight, name] : weighed)
    if (!has_weight || weight < 0) names.push_back(name);
  return names;
}

// "HTTP/1.1 200 OK", header lines, an empty line, the body.
struct Answer {
  std::string_view status, headers, body;
};
std::optional<Answer> SplitAnswer(std::string_view answer) {
  const std::size_t line = answer.find("\r\n");
  const std::size_t end = answer.find("\r\n\r\n");
  if (line == answer.npos || end == answer.npos) return std::nullopt;
  return Answer{answer.substr(0, line),
                answer.substr(line + 2, std::max(end, line + 2) - line - 2),
                answer.substr(end + 4)};
}

// No question: the message is too large to be asked about.
SecondOpinion Told(std::string_view filter,
                   const std::optional<OpinionQuestion>& question,
                   const std::string& address, Deadline deadline) {
  if (!question) return Unknown(filter, "larger than 2 MiB");
  const bool is_rspamd = filter == "rspamd";
  const Result<std::string> answer = Exchange(
      address, is_rspamd ? RspamdRequest(*question) : SpamdRequest(*question),
      deadline);
  if (!answer) return Unknown(filter, answer.error().message);
  return is_rspamd ? ReadRspamd(*answer) : ReadSpamd(*answer);
}

OpinionQuestion QuestionOf(const Facts& facts) {
  const Message& message = *facts.message;
  OpinionQuestion question{
      .message = ToOctets(message.header, message.body),
      .mail_from = message.envelope.mail_from,
  };
  if (!facts.egress.empty()) {
    question.ip = facts.egress.front().address.ToString();
    question.helo = facts.egress.front().helo_name;
  }
  for (const RecipientFact& recipient : facts.recipients)
    if (question.recipients.size() < kMostRecipients)
      question.recipients.push_back(recipient.address);
  return question;
}

}  // namespace

std::string RspamdRequest(const OpinionQuestion& question) {
  std::string request = "POST /checkv2 HTTP/1.0\r\n";
  request += Line("IP", question.ip);
  request += Line("Helo", question.helo);
  request += Line("From", question.mail_from);
  for (const std::string& recipient : question.recipients)
    request += Line("Rcpt", recipient);
  return request +
         fmt::format("Content-Length: {}\r\nConnection: close\r\n\r\n",
                     question.message.size()) +
         question.message;
}

std::string SpamdRequest(const OpinionQuestion& question) {
  return fmt::format("SYMBOLS SPAMC/1.5\r\nContent-length: {}\r\n\r\n",
                     question.message.size()) +
         question.message;
}

SecondOpinion ReadRspamd(std::string_view answer) {
  constexpr std::string_view kName = "rspamd";
  const std::optional<Answer> parts = SplitAnswer(answer);
  if (!parts || !parts->status.starts_with("HTTP/1."))
    return Unknown(kName, "no HTTP answer");
  if (!Contains(parts->status, " 200 "))
    return Unknown(kName, EscapeForLog(parts->status, 80));
  const Json json = Json::parse(parts->body, nullptr, false);
  if (!json.is_object() || !json.contains("score") ||
      !json["score"].is_number() || !json.contains("required_score") ||
      !json["required_score"].is_number())
    return Unknown(kName, "an answer without score");
  SecondOpinion opinion{.filter = std::string(kName), .is_known = true};
  opinion.score = json["score"].get<double>();
  opinion.threshold = json["required_score"].get<double>();
  // Skipped with a score: what decided came before the rules (GTUBE).
  if (opinion.score == 0 && json.value("is_skipped", Json(false)) == Json(true))
    return Unknown(kName, "it skipped the message");
  opinion.symbols = JoinSymbols(WeightiestFirst(json));
  return opinion;
}

SecondOpinion ReadSpamd(std::string_view answer) {
  constexpr std::string_view kName = "spamd";
  const std::optional<Answer> parts = SplitAnswer(answer);
  if (!parts || !parts->status.starts_with("SPAMD/"))
    return Unknown(kName, "no answer of spamd");
  if (!parts->status.ends_with(" EX_OK"))
    return Unknown(kName, EscapeForLog(parts->status, 80));
  for (const std::string_view line : Split(parts->headers, '\n')) {
    if (!StartsWithIgnoreCase(line, "Spam:")) continue;
    // "Spam: True ; 15.0 / 5.0"
    const std::size_t semicolon = line.find(';');
    const std::size_t slash = line.find('/', semicolon);
    if (semicolon == line.npos || slash == line.npos) break;
    const auto score =
        NumberOf(line.substr(semicolon + 1, slash - semicolon - 1));
    const auto threshold = NumberOf(line.substr(slash + 1));
    if (!score || !threshold) break;
    SecondOpinion opinion{.filter = std::string(kName), .is_known = true};
    opinion.score = *score;
    opinion.threshold = *threshold;
    std::vector<std::string> symbols;
    for (const std::string_view symbol : Split(Trim(parts->body), ','))
      symbols.emplace_back(symbol);
    opinion.symbols = JoinSymbols(std::move(symbols));
    return opinion;
  }
  return Unknown(kName, "an answer without score");
}

void GatherSecondOpinions(const GatherFrom& from, Facts* facts) {
  const SecondOpinionConfig& config = from.config.second_opinion;
  if (config.rspamd.empty() && config.spamd.empty()) return;
  if (facts->is_mta_bounce ||
      PolicyOf("second-opinion", from.config, facts->stream.config).action ==
          Action::kOff)
    return;
  std::optional<OpinionQuestion> question;
  if (facts->wire_bytes <= kMostMessageBytes) question = QuestionOf(*facts);
  const Deadline deadline = std::min(from.deadline, In(config.deadline));
  for (const auto& [filter, address] :
       {std::pair<std::string_view, const std::string&>("rspamd",
                                                        config.rspamd),
        std::pair<std::string_view, const std::string&>("spamd", config.spamd)})
    if (!address.empty())
      facts->second_opinions.push_back(
          Told(filter, question, address, deadline));
}

}  // namespace postern

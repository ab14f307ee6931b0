#include "milter/desk/session_file.h"

#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

std::vector<std::string> Words(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view word : Split(line, ' '))
    if (!Trim(word).empty()) words.emplace_back(Trim(word));
  return words;
}

std::string WithoutBrackets(std::string_view path) {
  if (path.starts_with('<') && path.ends_with('>'))
    path = path.substr(1, path.size() - 2);
  return std::string(path);
}

// Empty: understood. Else what is wrong.
std::string ReadLine(const std::vector<std::string>& words, SessionFile* out) {
  const std::string& verb = words.front();
  if (words.size() < 2) return "nothing after \"" + verb + "\"";
  const std::vector<std::string> rest(words.begin() + 2, words.end());
  if (verb == "client") {
    out->submission.client_address = IpAddress::Parse(words[1]);
    if (!out->submission.client_address)
      return "not an IP address: \"" + words[1] + "\"";
    if (!rest.empty()) out->submission.client_name = rest.front();
  } else if (verb == "helo") {
    out->submission.helo_name = words[1];
  } else if (verb == "auth") {
    out->submission.login = words[1];
  } else if (verb == "uid") {
    unsigned uid = 0;
    const char* const stop = words[1].data() + words[1].size();
    const auto [end, error] = std::from_chars(words[1].data(), stop, uid);
    if (error != std::errc() || end != stop)
      return "not a user's number: \"" + words[1] + "\"";
    out->submission.local_uid = uid;
    out->submission.is_local = true;
  } else if (verb == "daemon") {
    out->submission.daemon_name = words[1];
  } else if (verb == "mta") {
    const bool is_postfix = words[1] == "postfix";
    if (!is_postfix && words[1] != "sendmail")
      return "not an MTA: \"" + words[1] + "\"; one of postfix, sendmail";
    out->submission.mta_kind =
        is_postfix ? MtaKind::kPostfix : MtaKind::kSendmail;
    if (!rest.empty()) out->submission.mta_name = rest.front();
  } else if (verb == "mail") {
    out->envelope.mail_from = WithoutBrackets(words[1]);
    out->envelope.mail_args = rest;
    out->has_mail = true;
  } else if (verb == "rcpt") {
    out->envelope.recipients.push_back({WithoutBrackets(words[1]), rest});
  } else {
    return "unknown word \"" + verb +
           "\"; one of client, helo, auth, uid, daemon, mta, mail, rcpt";
  }
  return {};
}

}  // namespace

Result<SessionFile> ParseSessionFile(std::string_view text,
                                     const std::string& name) {
  SessionFile session;
  int number = 0;
  for (const std::string_view line : Split(text, '\n')) {
    ++number;
    const std::vector<std::string> words = Words(Trim(line));
    if (words.empty() || words.front().starts_with('#')) continue;
    const std::string fault = ReadLine(words, &session);
    if (!fault.empty())
      return Fail(fmt::format("{}:{}: {}", name, number, fault));
  }
  return session;
}

}  // namespace postern

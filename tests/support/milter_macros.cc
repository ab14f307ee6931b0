// StageMacros: which macros Postfix and Sendmail give at which stage, measured
// with Postfix 3.7 and Sendmail 8.17. A macro without a value is not given.
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "tests/support/milter_message.h"

namespace postern {
namespace {

using Names = std::vector<std::string>;

std::string WithoutBrackets(const std::string& address) {
  if (!address.starts_with('<') || !address.ends_with('>')) return address;
  return address.substr(1, address.size() - 2);
}

std::string DomainOf(const std::string& address) {
  const std::size_t at = address.rfind('@');
  return at == address.npos ? "" : address.substr(at + 1);
}

void AddMailMacros(MilterMacros& pool, const MilterMessage& message) {
  const std::string sender = WithoutBrackets(message.mail_from);
  pool.insert(pool.end(), {{"{mail_addr}", sender},
                           {"{mail_host}", DomainOf(sender)},
                           {"{mail_mailer}", "smtp"}});
  if (message.login.empty()) return;
  pool.insert(pool.end(),
              {{"{auth_type}", "PLAIN"}, {"{auth_authen}", message.login}});
}

MilterMacros EverythingKnown(const MilterSession& session,
                             const MilterMessage& message,
                             const MacroQuestion& question) {
  const bool is_postfix = session.flavour == MtaFlavour::kPostfix;
  MilterMacros pool = {
      {"j", session.mta_name},
      {"_", session.client_name + " [" + session.address + "]"},
      {"{daemon_name}", session.daemon_name},
      {"{client_addr}", session.address},
      {"{client_name}", session.client_name},
      {"{client_port}", std::to_string(session.port)},
  };
  pool.emplace_back("v", is_postfix ? "Postfix 3.7.11" : "8.17.1.9");
  if (question.command == 'C' || question.command == 'H') return pool;
  AddMailMacros(pool, message);
  const char command = question.command;
  const bool has_queue_id =
      !is_postfix || (command != 'M' && (command != 'R' || question.recipient));
  if (has_queue_id) pool.emplace_back("i", message.queue_id);
  if (!is_postfix && command == 'E') {
    pool.emplace_back("{msg_id}", "<" + message.queue_id + "@mx.example.com>");
  }
  if (command == 'R' && question.recipient < message.recipients.size()) {
    const std::string to =
        WithoutBrackets(message.recipients[question.recipient].address);
    pool.insert(pool.end(), {{"{rcpt_addr}", to},
                             {"{rcpt_host}", DomainOf(to)},
                             {"{rcpt_mailer}", "smtp"}});
  }
  return pool;
}

Names PostfixNames(char command) {
  switch (command) {
    case 'C':
      return {"j", "_", "v", "{daemon_name}"};
    case 'M':
      return {"i",           "{auth_type}", "{auth_authen}",
              "{mail_addr}", "{mail_host}", "{mail_mailer}"};
    case 'R':
      return {"i", "{rcpt_addr}", "{rcpt_host}", "{rcpt_mailer}"};
    case 'T':
    case 'N':
    case 'E':
      return {"i"};
    default:
      return {};
  }
}

Names SendmailNames(char command) {
  if (command == 'C') return {"j", "_", "{daemon_name}"};
  if (command == 'E') return {"{msg_id}"};
  if (command == 'R') return {"{rcpt_mailer}", "{rcpt_host}", "{rcpt_addr}"};
  return command == 'M' ? PostfixNames('M') : Names{};
}

MilterMacros Select(const MilterMacros& pool, const Names& names) {
  MilterMacros given;
  for (const auto& macro : pool) {
    const bool is_wanted =
        std::find(names.begin(), names.end(), macro.first) != names.end();
    if (is_wanted && !macro.second.empty()) given.push_back(macro);
  }
  return given;
}

}  // namespace

MilterMacros StageMacros(const MilterSession& session,
                         const MilterMessage& message,
                         const MacroQuestion& question) {
  const Names own_choice = session.flavour == MtaFlavour::kPostfix
                               ? PostfixNames(question.command)
                               : SendmailNames(question.command);
  MilterMacros macros = Select(EverythingKnown(session, message, question),
                               question.asked ? *question.asked : own_choice);
  const auto extra = message.extra_macros.find(question.command);
  if (extra == message.extra_macros.end()) return macros;
  for (const auto& macro : extra->second) {
    std::erase_if(macros,
                  [&](const auto& m) { return m.first == macro.first; });
    macros.push_back(macro);
  }
  return macros;
}

}  // namespace postern

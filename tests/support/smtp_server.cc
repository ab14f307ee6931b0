#include "tests/support/smtp_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <optional>

namespace postern {
namespace {

// The octets up to and with the end; nullopt: the client hung up.
std::optional<std::string> ReadUntil(int socket, std::string* unread,
                                     const std::string& end) {
  for (;;) {
    const std::size_t found = unread->find(end);
    if (found != std::string::npos) {
      std::string taken = unread->substr(0, found + end.size());
      unread->erase(0, taken.size());
      return taken;
    }
    char buffer[4096];
    const ssize_t got = recv(socket, buffer, sizeof buffer, 0);
    if (got <= 0) return std::nullopt;
    unread->append(buffer, static_cast<std::size_t>(got));
  }
}

}  // namespace

ScriptedSmtpServer::ScriptedSmtpServer(
    std::initializer_list<Answers::value_type> answers)
    : answers_(answers),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  bind(listener_.get(), raw, size);
  listen(listener_.get(), 4);
  getsockname(listener_.get(), raw, &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this] { Serve(); });
}

ScriptedSmtpServer::~ScriptedSmtpServer() { End(); }

const std::vector<std::string>& ScriptedSmtpServer::commands() {
  End();
  return commands_;
}

const std::string& ScriptedSmtpServer::data() {
  End();
  return data_;
}

void ScriptedSmtpServer::End() {
  shutdown(listener_.get(), SHUT_RDWR);  // wakes accept()
  if (thread_.joinable()) thread_.join();
}

void ScriptedSmtpServer::Serve() {
  for (;;) {
    const FileDescriptor client(accept(listener_.get(), nullptr, nullptr));
    if (!client.is_open()) return;
    Talk(client.get());
  }
}

std::string ScriptedSmtpServer::AnswerTo(const std::string& line) const {
  const auto whole = answers_.find(line);
  if (whole != answers_.end()) return whole->second;
  const auto verb = answers_.find(line.substr(0, line.find(' ')));
  if (verb != answers_.end()) return verb->second;
  return line == "DATA" ? "354 go on" : "250 ok";
}

void ScriptedSmtpServer::Talk(int client) {
  std::string unread;
  std::string line;
  std::string answer = answers_.contains("") ? answers_[""] : "220 here";
  for (;;) {
    if (answer == "close") return;
    answer += "\r\n";
    (void)send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
    if (line == "QUIT") return;
    const bool is_data = line == "DATA" && answer.starts_with("354");
    const auto taken =
        ReadUntil(client, &unread, is_data ? "\r\n.\r\n" : "\r\n");
    if (!taken) return;
    if (is_data) {
      data_ = *taken;
      line = ".";
    } else {
      line = taken->substr(0, taken->size() - 2);
      commands_.push_back(line);
    }
    answer = AnswerTo(line);
  }
}

}  // namespace postern

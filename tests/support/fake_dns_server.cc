#include "tests/support/fake_dns_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <iostream>

#include <fmt/format.h>

#include "policy/base/text.h"

namespace postern {
namespace {

constexpr std::size_t kHeaderBytes = 12;

sockaddr* Generic(sockaddr_in& address) {
  return reinterpret_cast<sockaddr*>(&address);
}

sockaddr_in Loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

void AppendShort(std::string& out, std::size_t number) {
  out += static_cast<char>(number >> 8);
  out += static_cast<char>(number);
}

std::string WireName(std::string_view name) {
  std::string wire;
  if (!name.empty())
    for (const std::string_view label : Split(name, '.')) {
      wire += static_cast<char>(label.size());
      wire += label;
    }
  return wire + '\0';
}

std::string WireStrings(std::string_view text) {
  constexpr std::size_t kStringBytes = 250;
  std::string wire;
  do {
    const std::string_view part = text.substr(0, kStringBytes);
    wire += static_cast<char>(part.size());
    wire += part;
    text.remove_prefix(part.size());
  } while (!text.empty());
  return wire;
}

std::string Rdata(RrType type, const DnsRecord& record) {
  switch (type) {
    case RrType::kTxt:
      return WireStrings(record.value);
    case RrType::kMx: {
      std::string wire;
      AppendShort(wire, static_cast<std::size_t>(record.preference));
      return wire + WireName(record.value);
    }
    case RrType::kNs:
    case RrType::kCname:
    case RrType::kPtr:
      return WireName(record.value);
    case RrType::kSoa:
      return WireName(record.value) + WireName("") + std::string(20, '\0');
    case RrType::kA:
    case RrType::kAaaa:
      break;
  }
  return record.value;
}

// A record whose owner is the question's name.
std::string WireRecord(RrType type, const std::string& rdata) {
  std::string wire = "\xc0\x0c";
  AppendShort(wire, static_cast<std::size_t>(type));
  AppendShort(wire, 1);
  wire += std::string("\0\0\x01\x2c", 4);  // TTL 300
  AppendShort(wire, rdata.size());
  return wire + rdata;
}

struct Question {
  std::string name;
  RrType type;
  std::size_t end;  // in the query
};

Question ParseQuestion(const std::string& query) {
  Question question{};
  std::size_t at = kHeaderBytes;
  while (query.at(at) != 0) {
    const auto length = static_cast<unsigned char>(query.at(at));
    if (!question.name.empty()) question.name += '.';
    question.name += ToLower(query.substr(at + 1, length));
    at += length + 1u;
  }
  const auto high = static_cast<unsigned char>(query.at(at + 1));
  const auto low = static_cast<unsigned char>(query.at(at + 2));
  question.type = static_cast<RrType>(high << 8 | low);
  question.end = at + 5;
  return question;
}

int ResponseCode(DnsStatus status) {
  switch (status) {
    case DnsStatus::kOk:
    case DnsStatus::kNoData:
      return 0;
    case DnsStatus::kTempError:
      return 2;
    case DnsStatus::kNxDomain:
      return 3;
  }
  return 2;
}

std::string Response(const std::string& query, const Question& question,
                     RrType type, const DnsAnswer& answer) {
  std::string response = query.substr(0, 2);
  response += static_cast<char>(0x85);  // an authoritative answer
  response += static_cast<char>(0x80 | ResponseCode(answer.status));
  const bool is_negative = answer.status == DnsStatus::kNoData ||
                           answer.status == DnsStatus::kNxDomain;
  AppendShort(response, 1);
  AppendShort(response, answer.records.size());
  AppendShort(response, is_negative ? 1 : 0);
  AppendShort(response, 0);
  response += query.substr(kHeaderBytes, question.end - kHeaderBytes);
  for (const DnsRecord& record : answer.records)
    response += WireRecord(type, Rdata(type, record));
  if (is_negative)
    response += WireRecord(RrType::kSoa, Rdata(RrType::kSoa, {.value = "ns"}));
  return response;
}

// Both on one port: a free one of UDP may be taken in TCP, then try again.
bool OpenBoth(int* udp, int* tcp, int* port) {
  for (int attempt = 0; attempt < 50; ++attempt) {
    *udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    *tcp = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = Loopback(0);
    socklen_t length = sizeof address;
    if (bind(*udp, Generic(address), length) == 0 &&
        getsockname(*udp, Generic(address), &length) == 0 &&
        bind(*tcp, Generic(address), length) == 0 && listen(*tcp, 16) == 0) {
      *port = ntohs(address.sin_port);
      return true;
    }
    close(*udp);
    close(*tcp);
  }
  return false;
}

// Empty: the client went away.
std::string ReadAll(int connection, std::size_t size) {
  std::string octets(size, '\0');
  const ssize_t got = recv(connection, octets.data(), size, MSG_WAITALL);
  if (got != static_cast<ssize_t>(size)) return "";
  return octets;
}

std::string WithLength(const std::string& message) {
  std::string framed;
  AppendShort(framed, message.size());
  return framed + message;
}

// The head of a response that says: ask again by TCP.
std::string Truncated(std::string response, std::size_t question_end) {
  response.resize(question_end);
  response[2] = static_cast<char>(response[2] | 2);
  for (std::size_t i = 6; i < kHeaderBytes; ++i) response[i] = 0;
  return response;
}

}  // namespace

FakeDnsServer::FakeDnsServer(std::string_view zone_lines,
                             std::set<std::string> silent_names)
    : silent_names_(std::move(silent_names)),
      socket_(-1),
      listener_(-1),
      port_(0) {
  auto zone = ScriptedDns::Parse(zone_lines, "zone of the test");
  const bool is_open = zone && OpenBoth(&socket_, &listener_, &port_);
  if (!is_open) {
    std::cerr << (zone ? "no socket" : zone.error().message) << '\n';
    std::abort();
  }
  zone_ = std::move(*zone);
  udp_server_ = std::jthread([this] { ServeUdp(); });
  tcp_server_ = std::jthread([this] { ServeTcp(); });
}

FakeDnsServer::~FakeDnsServer() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
    is_held_back_ = false;
  }
  released_.notify_all();
  sockaddr_in self = Loopback(port_);
  sendto(socket_, "", 0, 0, Generic(self), sizeof self);
  shutdown(listener_, SHUT_RDWR);  // ends accept()
  udp_server_.join();
  tcp_server_.join();
  close(socket_);
  close(listener_);
}

std::string FakeDnsServer::address() const {
  return fmt::format("127.0.0.1@{}", port_);
}

int FakeDnsServer::Queries(const std::string& name) {
  const std::lock_guard lock(mutex_);
  return queries_[name];
}

void FakeDnsServer::HoldBack() {
  const std::lock_guard lock(mutex_);
  is_held_back_ = true;
}

void FakeDnsServer::Release() {
  std::vector<Asked> waiting;
  {
    const std::lock_guard lock(mutex_);
    is_held_back_ = false;
    waiting.swap(waiting_);
  }
  released_.notify_all();
  for (const Asked& asked : waiting) SendAnswer(asked);
}

int FakeDnsServer::AllQueries() {
  const std::lock_guard lock(mutex_);
  int all = 0;
  for (const auto& [name, count] : queries_) all += count;
  return all;
}

void FakeDnsServer::Distort(const std::string& name, Distortion distortion) {
  const std::lock_guard lock(mutex_);
  distortions_[name] = std::move(distortion);
}

bool FakeDnsServer::IsStopping() {
  const std::lock_guard lock(mutex_);
  return is_stopping_;
}

void FakeDnsServer::ServeUdp() {
  for (;;) {
    std::array<char, 4096> buffer{};
    sockaddr_in client{};
    socklen_t length = sizeof client;
    const ssize_t size = recvfrom(socket_, buffer.data(), buffer.size(), 0,
                                  Generic(client), &length);
    if (IsStopping()) return;
    if (size <= static_cast<ssize_t>(kHeaderBytes)) continue;
    Asked asked{std::string(buffer.data(), static_cast<std::size_t>(size)),
                client};
    {
      const std::lock_guard lock(mutex_);
      ++queries_[ParseQuestion(asked.query).name];
      if (is_held_back_) {
        waiting_.push_back(std::move(asked));
        continue;
      }
    }
    SendAnswer(asked);
  }
}

void FakeDnsServer::SendAnswer(const Asked& asked) {
  constexpr std::size_t kMaxBytes = 1232;
  std::string answer = Answer(asked.query);
  if (answer.empty()) return;
  if (answer.size() > kMaxBytes)
    answer = Truncated(answer, ParseQuestion(asked.query).end);
  sockaddr_in client = asked.client;
  sendto(socket_, answer.data(), answer.size(), 0, Generic(client),
         sizeof client);
}

// One question for each connection.
void FakeDnsServer::ServeTcp() {
  for (;;) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (IsStopping()) return;
    if (connection < 0) continue;
    const std::string length = ReadAll(connection, 2);
    if (!length.empty()) {
      const auto high = static_cast<unsigned char>(length[0]);
      const auto low = static_cast<unsigned char>(length[1]);
      const std::string query = ReadAll(connection, high << 8 | low);
      if (query.size() > kHeaderBytes) {
        std::unique_lock lock(mutex_);
        ++queries_[ParseQuestion(query).name];
        released_.wait(lock, [this] { return !is_held_back_; });
      }
      const std::string answer =
          query.size() > kHeaderBytes ? WithLength(Answer(query)) : "";
      send(connection, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
    close(connection);
  }
}

// Empty: the server keeps silent.
std::string FakeDnsServer::Answer(const std::string& query) {
  const Question question = ParseQuestion(query);
  if (silent_names_.contains(question.name)) return "";
  // An alias is told as such: following it is the resolver's part.
  const DnsAnswer alias = zone_->Ask(question.name, RrType::kCname, {});
  std::string response =
      alias.status == DnsStatus::kOk
          ? Response(query, question, RrType::kCname, alias)
          : Response(query, question, question.type,
                     zone_->Ask(question.name, question.type, {}));
  const std::lock_guard lock(mutex_);
  const auto distortion = distortions_.find(question.name);
  if (distortion == distortions_.end()) return response;
  return distortion->second(std::move(response));
}

}  // namespace postern

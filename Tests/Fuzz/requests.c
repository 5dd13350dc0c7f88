// Makes up requests, sends them to a server on this machine, and reads every answer to the last byte.
//
//   requests PORT ROUTES SEED COUNT CONNECTIONS [FIRST [CREDENTIAL ...]]
//
// ROUTES is a file of lines `METHOD /path/{of}/a/route`; a CREDENTIAL is a whole header line. The request of a
// number is the same in each run of one SEED, so that COUNT 1 and FIRST show one alone. No answer may be
// a 5xx (but 503 with Retry-After, which says that the server is busy), end early, say more than it
// announced, or be late. Exits 1 where one was.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REQUEST_ROOM = 1 << 18, LONGEST_ANSWER = 64 << 20 };
// How long an answer may take, and how long one to broken framing is waited for, in seconds.
static const double LATE = 30, BROKEN = 0.15;

struct text {
    char *bytes;
    size_t length, room;
};

struct connection {
    int descriptor, isBroken, isHead, wantsWrite;
    unsigned long number;  // of the request
    double start;
    size_t sent;
    struct text request, answer;
};

static char **routes, **credentials;
static size_t routeCount, credentialCount;
static int port, epoll;
static uint64_t seed;
static unsigned long failures, busy, unanswered, statuses[6];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(2);
}

// Chance, by splitmix64: the state is all that a request depends on.
static uint64_t state;

static uint64_t next(void) {
    uint64_t value = (state += 0x9E3779B97F4A7C15u);
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9u;
    value = (value ^ value >> 27) * 0x94D049BB133111EBu;
    return value ^ value >> 31;
}

static size_t below(size_t limit) { return (size_t)(next() % limit); }
static int oneIn(size_t count) { return below(count) == 0; }
#define PICK(list) (list)[below(sizeof(list) / sizeof *(list))]

static void reserve(struct text *text, size_t more) {
    if (text->length + more <= text->room) return;
    while (text->room < text->length + more) text->room = text->room ? text->room * 2 : 4096;
    text->bytes = realloc(text->bytes, text->room);
    if (!text->bytes) fail("realloc");
}

static void addBytes(struct text *text, const char *bytes, size_t length) {
    reserve(text, length + 1);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
    text->bytes[text->length] = 0;
}

static void add(struct text *text, const char *words) { addBytes(text, words, strlen(words)); }

static void addNumber(struct text *text, unsigned long number) {
    char digits[32];
    snprintf(digits, sizeof digits, "%lu", number);
    add(text, digits);
}

// MARK: What requests are made of

static const char *const uids[] = {
    "robot-1", "robot-2", "robot-3", "robot-4", "a.b", "1", "2", "3", "board", "main", "HEAD", "proposal:1", "rules-1",
    "r%20s", "%C3%A9", "e%CC%81", "x%2Fy", "robot%2D1", "dev~1", "7f3c2a", "0000000000000000000000000000000000000000"};
static const char *const hostileSegments[] = {
    "..", ".", "%2e%2e", "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd", "..%5c..", "%00", "a%00b", "%ff", "%c0%ae", "%", "%4", "%zz",
    "", "%0d%0aSet-Cookie:%20a=b", "<script>alert(1)</script>", "'%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E", "%F0%9F%A4%96",
    "{uid}", "*", "~", ";a=b", "$(id)", "`id`", "..;", ".git", "%2egit%2fconfig", "con", "-1", "99999999999999999999", "1e9",
    "a:b", "@", "%E2%80%AE", "\\..\\..", "x\x7f", "\xc3\xa9", "\xff\xfe"};
static const char *const queryNames[] = {
    "at", "fields", "uid", "limit", "page", "per_page", "sort", "sort_keys", "sort_dir", "order", "filter", "q", "where",
    "dry_run", "after", "since", "until", "author", "path", "field", "format", "marker", "region", "region_id", "cloud_id",
    "project_id", "vars", "details", "descendants", "resolved-values", "from", "to", "collection", "service", "id", "name",
    "device_type", "kind", "cursor", "older", "newer", "commit", "%00", "", "a[b]", "fields%5B%5D"};
static const char *const queryValues[] = {
    "1", "0", "-1", "20", "100000", "99999999999999999999", "true", "false", "HEAD", "main", "main~3", "proposal:1",
    "2026-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "last", "uid", "-uid", "address", "address,uid", "a:b", "a%3A1",
    "%00", "%ff", "..", "%22", "'", "%27%20OR%201%3D1", "devices", "devices/robot-1", "/address", "json", "yaml", "html",
    "git-upload-pack", "git-receive-pack", "refs/heads/main", "%F0%9F%A4%96", "(", "[", "*", ".*.*.*.*.*!", "", "0x10", "1e400",
    "%2525", "robot*", "address=10.0.0.1", "uid%3C%22z%22", "%E2%80%AE", "null", "NaN", "{}", "[]"};
static const char *const fields[] = {
    "Accept: application/json", "Accept: text/html", "Accept: */*;q=0.1, text/html;q=nan", "Accept: application/yaml",
    "Accept: text/event-stream", "Accept-Encoding: gzip", "Accept-Encoding: identity;q=0, *;q=0", "Accept-Encoding: br;q=1.5",
    "If-None-Match: *", "If-Match: *", "If-Match: \"x\"", "If-Match: \"", "If-None-Match: W/\"a\", \"b\", c", "If-Match: ",
    "If-Modified-Since: yesterday", "Range: bytes=0-0", "Range: bytes=-1,5-2", "X-Commit-Message: why", "X-Request-Id: abc",
    "X-Commit-Message: a\tb\xff", "X-Request-Id: \xc3\xa9", "Idempotency-Key: 1", "Idempotency-Key: a-b-c", "Expect: 100-continue",
    "Expect: 200-ok", "X-Forwarded-For: 1.2.3.4", "X-Forwarded-Proto: https", "X-Forwarded-Host: evil.example",
    "X-Forwarded-Prefix: //evil", "Git-Protocol: version=2", "Git-Protocol: version=9:evil", "Origin: http://evil.example",
    "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-origin", "Cookie: a=b; c", "Cookie: __Host-muster-session-1=x",
    "Authorization: Basic", "Authorization: Basic %%%", "Authorization: Basic cm9vdDpyb290", "Authorization: Bearer ", "Authorization: bearer x",
    "Authorization: Digest a=b", "Authorization: \xff", "X-Auth-Token: x", "X-Auth-User: root",
    "X-Auth-Project: b9f10eca-66ac-4c27-9c13-9d01e65f96b4", "X-Hub-Signature-256: sha256=00", "X-GitHub-Event: push",
    "Last-Event-ID: 1", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "Connection: close", "TE: trailers",
    "Content-Encoding: gzip", "Content-Language: de", "User-Agent: <script>", "Referer: javascript:alert(1)", "X-Empty:",
    "X-HTTP-Method-Override: DELETE", "Prefer: return=minimal", "Via: 1.1 x", "Max-Forwards: 0"};
static const char *const types[] = {
    "application/json", "application/json", "application/json", "application/json; charset=utf-8", "application/merge-patch+json",
    "application/json-patch+json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/yaml",
    "text/plain", "application/octet-stream", "application/x-git-upload-pack-request", "application/x-git-receive-pack-request",
    "application/json; charset=utf-16", "x", "\xff/\xff", ""};
static const char *const bodies[] = {
    "{\"uid\": \"robot-1\", \"address\": \"10.0.0.1\"}", "{\"uid\": \"robot-2\", \"address\": \"10.0.0.2\", \"grafana_dashboards\": [\"board\"]}",
    "{\"address\": \"10.0.0.3\"}", "{\"uid\": \"board\", \"dashboard\": {\"title\": \"x\", \"panels\": []}}", "{\"dashboard\": null}",
    "{\"uid\": \"rules-1\", \"rules\": \"groups: []\"}", "[{\"op\": \"replace\", \"path\": \"/address\", \"value\": \"10.0.0.4\"}]",
    "[{\"op\": \"test\", \"path\": \"/~2\", \"value\": 1e400}]", "{\"name\": \"a\", \"region_id\": 1, \"device_type\": \"server\", \"ip_address\": \"10.0.0.1\"}",
    "{\"name\": \"cloud\"}", "{\"name\": \"region\", \"cloud_id\": 1}", "{\"key\": \"value\", \"deep\": {\"a\": [1, 2, {\"b\": null}]}}",
    "{\"labels\": [\"a\", \"b\"]}", "{\"name\": \"net\", \"cidr\": \"10.0.0.0/33\", \"netmask\": \"x\", \"region_id\": 1}", "{\"variables\": {\"a\": 1}}",
    "{\"url\": \"http://127.0.0.1:1/\", \"events\": [\"commit\"]}", "{\"title\": \"t\", \"text\": \"x\", \"changes\": []}", "{\"choices\": []}",
    "{\"changes\": [{\"collection\": \"devices\", \"uid\": \"robot-3\", \"document\": {\"address\": \"10.0.0.5\"}}]}", "{\"changes\": {}}",
    "{\"order\": {\"revert\": \"HEAD\"}}", "{\"commit\": \"HEAD\"}", "name=a&text=b&_csrf=c", "a=%zz&%00=&=&&", "{}", "[]", "null", "0", "\"\"", "", "{",
    "{\"uid\": \"robot-4\", \"uid\": \"robot-5\", \"address\": \"x\"}", "{\"uid\": \"a\\u0000b\", \"address\": \"\\ud800\"}", "{\"uid\": 1e999, \"address\": -0.0}",
    "{\"public_ssh_key\": \"ssh-ed25519 AAAA\", \"ca_certificate\": \"x\", \"uid\": \"robot-4\", \"address\": \"10.0.0.9\"}",
    "{\"certificate\": \"-----BEGIN CERTIFICATE REQUEST-----\\nMIIB\\n-----END CERTIFICATE REQUEST-----\"}", "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb\r\n--x--",
    "0000", "0011command=ls-refs\n0001000fpeel\n0000", "0032want 0000000000000000000000000000000000000000\n00000009done\n", "fffe", "\xef\xbb\xbf{}", "{\"a\": \"\xff\"}"};

static void addSegment(struct text *text) {
    if (oneIn(4)) {
        add(text, PICK(hostileSegments));
    } else if (oneIn(40)) {
        size_t length = below(3000);
        while (length-- > 0) add(text, "a");
    } else {
        add(text, PICK(uids));
    }
}

// The path of a route with something in the place of each name in braces.
static void addPath(struct text *text, const char *route) {
    while (*route) {
        if (*route == '{') {
            addSegment(text);
            route = strchr(route, '}') ? strchr(route, '}') + 1 : route + strlen(route);
        } else {
            addBytes(text, route++, 1);
        }
    }
    if (oneIn(20)) add(text, "/");
    if (oneIn(30)) addSegment(text);
    size_t count = oneIn(2) ? below(5) : 0;
    for (size_t place = 0; place < count; place++) {
        add(text, place ? "&" : "?");
        add(text, PICK(queryNames));
        if (!oneIn(10)) add(text, "=");
        add(text, PICK(queryValues));
    }
}

static void mutate(struct text *text, size_t from) {
    if (text->length <= from) return;
    for (size_t count = 1 + below(4); count > 0; count--) {
        size_t place = from + below(text->length - from);
        switch (below(4)) {
        case 0: text->bytes[place] = (char)next(); break;
        case 1: text->bytes[place] ^= (char)(1 << below(8)); break;
        case 2: text->bytes[place] = "\"{}[],:\\0-e.\x00\x7f\xc3\xff"[below(16)]; break;
        default: {  // A piece again, or a piece less.
            size_t length = below(text->length - place) % 64;
            if (oneIn(2)) {
                memmove(text->bytes + place, text->bytes + place + length, text->length - place - length);
                text->length -= length;
            } else {
                char piece[64];
                memcpy(piece, text->bytes + place, length);
                addBytes(text, piece, length);
            }
            if (text->length <= from) return;
        }
        }
    }
}

static void addBody(struct text *body) {
    switch (below(40)) {
    case 0: for (size_t depth = below(3000); depth > 0; depth--) add(body, oneIn(3) ? "{\"a\":" : "["); break;
    case 1:
        add(body, "{\"uid\": \"robot-1\", \"address\": \"");
        for (size_t length = below(20000); length > 0; length--) add(body, "9");
        add(body, "\"}");
        break;
    case 2: for (size_t length = below(2000); length > 0; length--) { char byte = (char)next(); addBytes(body, &byte, 1); } break;
    default: add(body, PICK(bodies));
    }
    if (oneIn(3)) mutate(body, 0);
}

static void addFramedBody(struct text *request, const struct text *body) {
    if (!oneIn(5)) {
        add(request, "Content-Length: ");
        addNumber(request, body->length);
        add(request, "\r\n\r\n");
        addBytes(request, body->bytes ? body->bytes : "", body->length);
        return;
    }
    add(request, "Transfer-Encoding: chunked\r\n\r\n");
    for (size_t place = 0; place < body->length;) {
        size_t length = 1 + below(body->length - place);
        char head[32];
        snprintf(head, sizeof head, oneIn(5) ? "%zx;a=b\r\n" : "%zX\r\n", length);
        add(request, head);
        addBytes(request, body->bytes + place, length);
        add(request, "\r\n");
        place += length;
    }
    add(request, "0\r\n\r\n");
}

static const char *const methods[] = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY"};
static const char *const hosts[] = {
    "localhost", "127.0.0.1", "[::1]", "localhost:80", "LOCALHOST.", "evil.example", "", "a b", "localhost:99999", "<script>", "\xff", "[::1", "localhost:"};

static void makeRequest(struct connection *connection, unsigned long number) {
    state = seed ^ number * 0xD1342543DE82EF95u;
    struct text *request = &connection->request;
    request->length = connection->answer.length = connection->sent = 0;
    connection->number = number;
    const char *route = routes[below(routeCount)], *path = strchr(route, ' ');
    char method[16];
    snprintf(method, sizeof method, "%.*s", (int)(path - route), route);
    if (oneIn(12)) snprintf(method, sizeof method, "%s", PICK(methods));
    add(request, method);
    add(request, " ");
    size_t target = request->length;
    if (oneIn(50)) add(request, "http://localhost");
    addPath(request, path + 1);
    if (oneIn(25)) mutate(request, target + 1);
    // What would end the line is the framing's matter.
    for (size_t place = target; place < request->length; place++)
        if (strchr(" \r\n", request->bytes[place])) request->bytes[place] = '_';
    add(request, " HTTP/1.1\r\nHost: ");
    add(request, oneIn(40) ? PICK(hosts) : "localhost");
    add(request, "\r\n");
    for (size_t count = below(4); count > 0; count--) {
        add(request, PICK(fields));
        add(request, "\r\n");
    }
    if (credentialCount && !oneIn(10)) {
        add(request, credentials[below(credentialCount)]);
        add(request, "\r\n");
    }
    int takesBody = strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0;
    if (takesBody || oneIn(50)) {
        struct text body = {0};
        addBody(&body);
        add(request, "Content-Type: ");
        add(request, oneIn(3) ? PICK(types) : "application/json");
        add(request, "\r\n");
        addFramedBody(request, &body);
        free(body.bytes);
    } else {
        add(request, "\r\n");
    }
    connection->isHead = strcmp(method, "HEAD") == 0;
    connection->isBroken = oneIn(40);
    if (connection->isBroken) mutate(request, 0);
}

// MARK: What comes back

static void report(const struct connection *connection, const char *why) {
    failures++;
    if (failures > 20) return;
    printf("FAILED request %lu: %s\n", connection->number, why);
    for (int side = 0; side < 2; side++) {
        const struct text *text = side ? &connection->answer : &connection->request;
        size_t length = text->length < 1500 ? text->length : 1500;
        fputs(side ? "<<< " : ">>> ", stdout);
        for (size_t place = 0; place < length; place++) {
            unsigned char byte = (unsigned char)text->bytes[place];
            if (byte == '\n') fputs("\n    ", stdout);
            else if (byte >= 0x20 && byte < 0x7f) putchar(byte);
            else if (byte != '\r') printf("\\x%02x", byte);
        }
        putchar('\n');
    }
    fflush(stdout);
}

// Where the head of an answer ends, or 0. The head is checked to be well-formed.
static size_t headEnd(const struct text *answer, size_t from, const char **why) {
    const char *bytes = answer->bytes + from;
    const char *end = memmem(bytes, answer->length - from, "\r\n\r\n", 4);
    if (!end) return 0;
    const char *line = memmem(bytes, answer->length - from, "\r\n", 2);
    if (line - bytes < 13 || memcmp(bytes, "HTTP/1.1 ", 9) != 0 || !isdigit((unsigned char)bytes[9]) ||
        !isdigit((unsigned char)bytes[10]) || !isdigit((unsigned char)bytes[11]) || bytes[12] != ' ')
        *why = "no status line";
    while (line < end && !*why) {
        const char *field = line + 2, *next = memmem(field, (size_t)(end + 2 - field), "\r\n", 2);
        const char *place = field;
        while (place < next && (isalnum((unsigned char)*place) || strchr("!#$%&'*+-.^_`|~", *place))) place++;
        if (place == field || *place != ':') *why = "no field name";
        for (; place < next; place++)
            if ((unsigned char)*place < 0x20 && *place != '\t') *why = "a control character in a field";
        line = next;
    }
    return (size_t)(end + 4 - answer->bytes);
}

// The value of a field of a head, or NULL.
static const char *field(const struct text *answer, size_t from, size_t end, const char *name) {
    size_t length = strlen(name);
    for (const char *line = answer->bytes + from; line && line < answer->bytes + end; line = strstr(line, "\r\n")) {
        if (line != answer->bytes + from) line += 2;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') return line + length + 1 + strspn(line + length + 1, " ");
        if (line == answer->bytes + from) line++;
    }
    return NULL;
}

// Where a chunked body ends, or 0 while it has not.
static size_t chunksEnd(const struct text *answer, size_t place, const char **why) {
    for (;;) {
        const char *line = memmem(answer->bytes + place, answer->length - place, "\r\n", 2);
        if (!line) return 0;
        char *end;
        size_t length = strtoul(answer->bytes + place, &end, 16);
        if (end != line || end == answer->bytes + place) { *why = "no length of a chunk"; return answer->length; }
        size_t next = (size_t)(line + 2 - answer->bytes) + length;
        if (next + 2 > answer->length) return 0;
        if (memcmp(answer->bytes + next, "\r\n", 2) != 0) { *why = "a chunk that is longer than it says"; return answer->length; }
        place = next + 2;
        if (length == 0) return place;
    }
}

enum progress { WAITS, COMPLETE, COMPLETE_AND_CLOSED };

static enum progress judge(struct connection *connection, int isEnd) {
    struct text *answer = &connection->answer;
    const char *why = NULL;
    size_t from = 0;
    for (;;) {
        size_t head = answer->length > from ? headEnd(answer, from, &why) : 0;
        if (why) { report(connection, why); return COMPLETE_AND_CLOSED; }
        if (!head) {
            if (!isEnd) return WAITS;
            if (answer->length > from) report(connection, "a head that is cut off");
            else if (connection->isBroken) unanswered++;
            else report(connection, "the connection ended without an answer");
            return COMPLETE_AND_CLOSED;
        }
        int status = atoi(answer->bytes + from + 9);
        if (status < 200) { from = head; continue; }
        const char *length = field(answer, from, head, "content-length");
        const char *coding = field(answer, from, head, "transfer-encoding");
        const char *type = field(answer, from, head, "content-type");
        const char *ending = field(answer, from, head, "connection");
        int closes = ending && strncasecmp(ending, "close", 5) == 0;
        size_t end = head;
        int isEndless = type && strncmp(type, "text/event-stream", 17) == 0;
        if (connection->isHead || status == 204 || status == 304 || isEndless) {
            closes = closes || isEndless;
        } else if (coding) {
            if (length) why = "a length and chunks";
            end = chunksEnd(answer, head, &why);
        } else if (length) {
            end = head + strtoul(length, NULL, 10);
        } else if (closes) {
            end = isEnd ? answer->length : 0;
        } else {
            why = "neither a length nor chunks";
        }
        if (!why && (end == 0 || end > answer->length)) {
            if (!isEnd) return WAITS;
            why = "a body that is cut off";
        }
        if (!why && end < answer->length && !connection->isBroken && !isEndless) why = "more than the answer";
        if (!why && status >= 500) {
            if (status == 503 && field(answer, from, head, "retry-after")) busy++;
            else why = "a failure of the server";
        }
        if (!field(answer, from, head, "x-content-type-options") && !why) why = "no nosniff";
        if (why) report(connection, why);
        statuses[status / 100 < 6 ? status / 100 : 0]++;
        return closes || connection->isBroken || why ? COMPLETE_AND_CLOSED : COMPLETE;
    }
}

// MARK: Sending

static void dial(struct connection *connection) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) != 0) {
        printf("FAILED: nobody takes connections any more (%s)\n", strerror(errno));
        exit(1);
    }
    int on = 1;
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(connection->descriptor, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(epoll, EPOLL_CTL_ADD, connection->descriptor, &event);
    connection->wantsWrite = 0;
}

static void hangUp(struct connection *connection) {
    struct linger linger = {.l_onoff = 1, .l_linger = 0};  // No wait for the port.
    setsockopt(connection->descriptor, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
    close(connection->descriptor);
    connection->descriptor = -1;
}

static void sendOn(struct connection *connection) {
    while (connection->sent < connection->request.length) {
        ssize_t count = send(connection->descriptor, connection->request.bytes + connection->sent,
                             connection->request.length - connection->sent, MSG_NOSIGNAL);
        if (count < 0) break;  // What the other side says of it is read.
        connection->sent += (size_t)count;
    }
    int wants = connection->sent < connection->request.length && errno == EAGAIN;
    if (wants == connection->wantsWrite) return;
    connection->wantsWrite = wants;
    struct epoll_event event = {.events = EPOLLIN | (wants ? EPOLLOUT : 0u), .data.ptr = connection};
    epoll_ctl(epoll, EPOLL_CTL_MOD, connection->descriptor, &event);
}

static void begin(struct connection *connection, unsigned long number) {
    if (connection->descriptor < 0) dial(connection);
    makeRequest(connection, number);
    connection->start = now();
    errno = 0;
    sendOn(connection);
}

// Reads what there is; returns whether the request is done with.
static int receive(struct connection *connection) {
    struct text *answer = &connection->answer;
    int isEnd = 0;
    for (;;) {
        reserve(answer, 65537);
        ssize_t count = recv(connection->descriptor, answer->bytes + answer->length, 65536, 0);
        if (count < 0 && errno == EAGAIN) break;
        if (count <= 0) { isEnd = 1; break; }
        answer->length += (size_t)count;
        answer->bytes[answer->length] = 0;
        if (answer->length > LONGEST_ANSWER) { report(connection, "an answer without end"); hangUp(connection); return 1; }
    }
    enum progress progress = judge(connection, isEnd);
    if (progress == COMPLETE_AND_CLOSED || (progress == COMPLETE && isEnd)) hangUp(connection);
    return progress != WAITS;
}

int main(int argc, char **argv) {
    if (argc < 6) { fputs("usage: requests PORT ROUTES SEED COUNT CONNECTIONS [FIRST [CREDENTIAL ...]]\n", stderr); return 2; }
    port = atoi(argv[1]);
    seed = strtoull(argv[3], NULL, 10);
    unsigned long count = strtoul(argv[4], NULL, 10), first = argc > 6 ? strtoul(argv[6], NULL, 10) : 0;
    size_t connectionCount = strtoul(argv[5], NULL, 10);
    credentials = argv + 7;
    credentialCount = argc > 7 ? (size_t)(argc - 7) : 0;
    FILE *file = fopen(argv[2], "r");
    if (!file) fail(argv[2]);
    char *line = NULL;
    size_t room = 0;
    while (getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = 0;
        if (!strchr(line, ' ')) continue;
        routes = realloc(routes, (routeCount + 1) * sizeof *routes);
        if (!routes) fail("realloc");
        routes[routeCount++] = strdup(line);
    }
    fclose(file);
    epoll = epoll_create1(0);
    struct connection *connections = calloc(connectionCount, sizeof *connections);
    if (!connections || !routeCount) fail("nothing to send");
    unsigned long next = first, done = 0;
    double start = now(), told = start;
    for (size_t place = 0; place < connectionCount && next < first + count; place++) {
        connections[place].descriptor = -1;
        begin(&connections[place], next++);
    }
    size_t live = next - first < connectionCount ? next - first : connectionCount, idle = 0;
    while (idle < live) {
        struct epoll_event events[64];
        int found = epoll_wait(epoll, events, 64, 50);
        double time = now();
        for (int place = 0; place < found; place++) {
            struct connection *connection = events[place].data.ptr;
            if (connection->descriptor < 0) continue;
            if (events[place].events & EPOLLOUT) sendOn(connection);
            if (!receive(connection)) continue;
            done++;
            if (next < first + count) begin(connection, next++);
            else { idle++; if (connection->descriptor >= 0) hangUp(connection); }
        }
        for (size_t place = 0; place < live; place++) {
            struct connection *connection = &connections[place];
            if (connection->descriptor < 0 || time - connection->start < (connection->isBroken ? BROKEN : LATE)) continue;
            // Broken framing may well leave the server waiting for more.
            if (connection->isBroken) unanswered++;
            else report(connection, "no answer in time");
            hangUp(connection);
            done++;
            if (next < first + count) begin(connection, next++);
            else idle++;
        }
        if (time - told > 30) { told = time; printf("  %lu requests in %.0f s\n", done, time - start); fflush(stdout); }
    }
    printf("seed %llu: %lu requests in %.1f s; 2xx %lu, 3xx %lu, 4xx %lu, busy 503 %lu, broken and unanswered %lu; %lu failures\n",
           (unsigned long long)seed, done, now() - start, statuses[2], statuses[3], statuses[4], busy, unanswered, failures);
    return failures != 0;
}

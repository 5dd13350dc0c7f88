// The load that wrk cannot make: writes that differ, reads at a fixed rate, and the disk's own speed.
//
//   load write PORT CONNECTIONS COUNT SECONDS PREFIX POSTS DEVICES   closed loop, one JSON line
//   load read PORT CONNECTIONS RATE SECONDS DEVICES                 open loop, latencies from the intended time
//   load disk FOLDER COUNT                                          4 KB append + fdatasync
//
// One thread and epoll: it shares two cores with the server that it measures.
#define _GNU_SOURCE
#include <arpa/inet.h>
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

struct connection {
    int descriptor, number, isBusy;
    double start;            // when the request was sent, or should have been
    unsigned count;          // requests so far
    size_t length;           // bytes received of the answer
    char answer[65536];
    char uid[64], address[32];  // of the last write
};

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void fail(const char *what) {
    perror(what);
    exit(1);
}

// Latencies in seconds, all of them.
static double *latencies;
static size_t latencyCount, latencyRoom;
static unsigned long failures;

static void note(double seconds) {
    if (latencyCount == latencyRoom) {
        latencyRoom = latencyRoom ? latencyRoom * 2 : 1 << 16;
        latencies = realloc(latencies, latencyRoom * sizeof *latencies);
        if (!latencies) fail("realloc");
    }
    latencies[latencyCount++] = seconds;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(double q) {
    if (!latencyCount) return 0;
    size_t place = (size_t)(q * (double)latencyCount);
    return latencies[place < latencyCount ? place : latencyCount - 1];
}

static void report(double seconds) {
    qsort(latencies, latencyCount, sizeof *latencies, ascending);
    printf("{\"count\": %zu, \"failed\": %lu, \"seconds\": %.6f, \"p50\": %.6f, \"p99\": %.6f, \"max\": %.6f",
           latencyCount, failures, seconds, quantile(0.5), quantile(0.99), quantile(1));
}

static void dial(struct connection *connection, int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connection->descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(connection->descriptor, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    int on = 1;
    setsockopt(connection->descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

static struct connection *dial_all(int count, int port, int poll) {
    struct connection *all = calloc((size_t)count, sizeof *all);
    if (!all) fail("calloc");
    for (int i = 0; i < count; i++) {
        all[i].number = i;
        dial(&all[i], port);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        if (epoll_ctl(poll, EPOLL_CTL_ADD, all[i].descriptor, &event) != 0) fail("epoll_ctl");
    }
    return all;
}

static void send_all(struct connection *connection, const char *bytes, size_t count) {
    // A request fits into the socket's buffer, which is empty: each connection sends one at a time.
    if (write(connection->descriptor, bytes, count) != (ssize_t)count) fail("send");
    connection->isBusy = 1;
    connection->length = 0;
}

// Reads what has come; the status of the answer once it is whole, else 0.
static int receive(struct connection *connection) {
    size_t room = sizeof connection->answer - 1 - connection->length;
    ssize_t count = read(connection->descriptor, connection->answer + connection->length, room);
    if (count <= 0) fail("receive");
    connection->length += (size_t)count;
    connection->answer[connection->length] = 0;
    char *end = strstr(connection->answer, "\r\n\r\n");
    if (!end) return 0;
    int status = atoi(connection->answer + 9);
    char *field = strcasestr(connection->answer, "\r\ncontent-length:");
    size_t body = field && field < end ? strtoul(field + 17, NULL, 10) : 0;
    if (connection->length < (size_t)(end + 4 - connection->answer) + body) return 0;
    connection->isBusy = 0;
    return status;
}

static uint64_t seed = 88172645463325252u;

static unsigned below(unsigned limit) {
    seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
    return (unsigned)(seed % limit);
}

struct writes {
    const char *prefix;
    int connections, posts;  // of 100 requests so many are POST, the others PATCH
    unsigned devices;        // robot-0 ... are there and are changed
};

static void send_write(struct connection *connection, const struct writes *plan) {
    char request[1024], body[512];
    unsigned count = connection->count++;
    snprintf(connection->address, sizeof connection->address, "10.%d.%u.%u",
             connection->number + 100, count / 250 % 250, count % 250 + 1);
    int isPost = below(100) < (unsigned)plan->posts;
    if (isPost) {
        snprintf(connection->uid, sizeof connection->uid, "%s-%d-%u", plan->prefix, connection->number, count);
        snprintf(body, sizeof body,
                 "{\"uid\": \"%s\", \"address\": \"%s\", \"public_ssh_key\": \"ssh-ed25519 "
                 "AAAAC3NzaC1lZDI1NTE5AAAAI%043u\"}", connection->uid, connection->address, count);
    } else {
        // No two connections change one device.
        unsigned share = plan->devices / (unsigned)plan->connections;
        unsigned device = below(share) * (unsigned)plan->connections + (unsigned)connection->number;
        snprintf(connection->uid, sizeof connection->uid, "robot-%u", device);
        snprintf(body, sizeof body, "{\"address\": \"%s\"}", connection->address);
    }
    int length = snprintf(
        request, sizeof request,
        "%s /api/v1/devices/%s%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Content-Length: %zu\r\n\r\n%s",
        isPost ? "POST" : "PATCH", isPost ? "" : connection->uid, isPost ? "" : "/", strlen(body), body);
    connection->start = now();
    send_all(connection, request, (size_t)length);
}

static void write_loop(int port, unsigned long limit, double seconds, const struct writes *plan) {
    int poll = epoll_create1(0), busy = 0;
    struct connection *all = dial_all(plan->connections, port, poll);
    double start = now();
    unsigned long sent = 0;
    for (int i = 0; i < plan->connections && sent < limit; i++, sent++, busy++) send_write(&all[i], plan);
    while (busy > 0) {
        struct epoll_event events[64];
        int count = epoll_wait(poll, events, 64, -1);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            int status = receive(connection);
            if (!status) continue;
            note(now() - connection->start);
            if (status != 200 && status != 201) failures++;
            if (sent < limit && now() - start < seconds) {
                send_write(connection, plan);
                sent++;
            } else {
                busy--;
            }
        }
    }
    report(now() - start);
    // The last write of each connection: when its file is there, all are.
    printf(", \"last\": {");
    for (int i = 0, any = 0; i < plan->connections; i++) {
        if (all[i].count) printf("%s\"%s\": \"%s\"", any++ ? ", " : "", all[i].uid, all[i].address);
    }
    printf("}}\n");
}

static void send_read(struct connection *connection, unsigned devices, double intended) {
    char request[256];
    int length = snprintf(request, sizeof request, "GET /api/v1/devices/robot-%u/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
                          below(devices));
    connection->start = intended;
    send_all(connection, request, (size_t)length);
}

static void read_loop(int port, int connections, double rate, double seconds, unsigned devices) {
    int poll = epoll_create1(0);
    struct connection *all = dial_all(connections, port, poll);
    double start = now();
    unsigned long due = 0, total = (unsigned long)(rate * seconds);
    while (latencyCount < total) {
        // What is due goes out as soon as a connection is free; its latency counts from when it was due.
        for (int i = 0; i < connections && due < total; i++) {
            double intended = start + (double)due / rate;
            if (intended > now()) break;
            if (!all[i].isBusy) send_read(&all[i], devices, intended), due++;
        }
        struct epoll_event events[64];
        int count = epoll_wait(poll, events, 64, 1);
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            int status = receive(connection);
            if (!status) continue;
            note(now() - connection->start);
            if (status != 200) failures++;
        }
    }
    report(now() - start);
    printf("}\n");
}

static void disk_loop(const char *folder, int count) {
    char path[4096], block[4096];
    memset(block, 'x', sizeof block);
    snprintf(path, sizeof path, "%s/append-XXXXXX", folder);
    int file = mkstemp(path);
    if (file < 0) fail(path);
    unlink(path);
    double begin = now();
    for (int i = 0; i < count; i++) {
        double start = now();
        if (write(file, block, sizeof block) != sizeof block || fdatasync(file) != 0) fail(path);
        note(now() - start);
    }
    report(now() - begin);
    printf("}\n");
}

int main(int count, char **words) {
    if (count == 9 && !strcmp(words[1], "write")) {
        struct writes plan = {words[6], atoi(words[3]), atoi(words[7]), (unsigned)atoi(words[8])};
        write_loop(atoi(words[2]), strtoul(words[4], NULL, 10), atof(words[5]), &plan);
    } else if (count == 7 && !strcmp(words[1], "read")) {
        read_loop(atoi(words[2]), atoi(words[3]), atof(words[4]), atof(words[5]), (unsigned)atoi(words[6]));
    } else if (count == 4 && !strcmp(words[1], "disk")) {
        disk_loop(words[2], atoi(words[3]));
    } else {
        fprintf(stderr, "load write|read|disk: see the top of load.c\n");
        return 2;
    }
    return 0;
}

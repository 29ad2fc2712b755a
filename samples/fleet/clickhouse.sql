/* What docs/engines.md says of ClickHouse 18.16: the tables, and the five questions of docs/fleet.md. */
create table cores (file String, host String, release String, time String, randomDigest String, runtime String, signal String, memoryBytes UInt64) engine = MergeTree order by (host, time);
create table owners (file String, host String, release String, time String, randomDigest String, key String, size UInt64) engine = MergeTree order by (key, host);

/* 1. Which owner grows on most hosts? */
select key, uniqExact(host) as hosts, sum(growth) as more from (
  select randomDigest, host, key, toInt64(sumIf(size, time = ended)) - toInt64(sumIf(size, time = began)) as growth
  from (select randomDigest, host, time, key, size from owners)
  any inner join (select randomDigest, min(time) as began, max(time) as ended from cores group by randomDigest having began < ended)
  using randomDigest group by randomDigest, host, key
) where growth > 1000000 group by key order by hosts desc, more desc limit 10;

/* 2. Since which release does it? */
select key, argMin(release, tuple(length(release), release)) as since from (
  select key, release, uniqExactIf(host, growth > 1000000) as leaks from (
    select randomDigest, host, release, key, toInt64(sumIf(size, time = ended)) - toInt64(sumIf(size, time = began)) as growth
    from (select randomDigest, host, release, time, key, size from owners)
    any inner join (select randomDigest, min(time) as began, max(time) as ended from cores group by randomDigest having began < ended)
    using randomDigest group by randomDigest, host, release, key
  ) group by key, release having leaks > 0
) any inner join (select release, uniqExact(host) as hosts from cores group by release) using release
where 2 * leaks > hosts group by key order by key;

/* 3. Which hosts are unlike the others of their release? */
select host, release, size, middle from (select host, release, max(memoryBytes) as size from cores group by host, release)
any inner join (
  select release, quantileExact(0.5)(size) as middle from (select host, release, max(memoryBytes) as size from cores group by host, release)
  group by release
) using release where size > 2 * middle or 2 * size < middle order by size desc, host;

/* 4. What do all of them hold? */
select key, min(size) as least, max(size) as most from owners group by key
having uniqExact(file) = (select count() from cores where runtime != '') order by least desc, key limit 10;

/* 5. What is only in those that were killed? */
select key, uniqExact(randomDigest) as processes, uniqExact(host) as hosts, max(size) as most from owners group by key
having countIf(randomDigest in (
  select randomDigest from cores where signal in ('SIGKILL', 'SIGABRT', 'SIGBUS', 'SIGFPE', 'SIGILL', 'SIGSEGV', 'SIGSYS')
)) = count() and processes > 1 order by processes desc, most desc, key limit 10;

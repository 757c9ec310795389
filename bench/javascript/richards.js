// The kernel of an operating system: tasks of priorities send packets to each other (after Martin Richards' benchmark).
const IDLE = 0, WORKER = 1, HANDLER_A = 2, HANDLER_B = 3, DEVICE_A = 4, DEVICE_B = 5;
const RUNNING = 0, RUNNABLE = 1, SUSPENDED = 2, HELD = 4;

class Packet {
  constructor(link, id, kind) {
    this.link = link;
    this.id = id;
    this.kind = kind;
    this.place = 0;
    this.data = [0, 0, 0, 0];
  }
  addTo(queue) {
    this.link = null;
    if (queue === null) return this;
    let last = queue;
    while (last.link !== null) last = last.link;
    last.link = this;
    return queue;
  }
}

class Task {
  constructor(link, id, priority, queue, job) {
    this.link = link;
    this.id = id;
    this.priority = priority;
    this.queue = queue;
    this.job = job;
    this.state = queue === null ? SUSPENDED : SUSPENDED | RUNNABLE;
  }
  get isStopped() {
    return (this.state & HELD) !== 0 || this.state === SUSPENDED;
  }
  run(kernel) {
    let packet = null;
    if (this.state === (SUSPENDED | RUNNABLE)) {
      packet = this.queue;
      this.queue = packet.link;
      this.state = this.queue === null ? RUNNING : RUNNABLE;
    }
    return this.job.run(kernel, packet);
  }
  take(task, packet) {
    if (this.queue === null) {
      this.queue = packet;
      this.state |= RUNNABLE;
      if (this.priority > task.priority) return this;
    } else {
      this.queue = packet.addTo(this.queue);
    }
    return task;
  }
}

class Kernel {
  tasks = new Array(6).fill(null);
  list = null;
  current = null;
  queued = 0;
  held = 0;
  add(id, priority, queue, job) {
    this.list = this.tasks[id] = new Task(this.list, id, priority, queue, job);
    return this.list;
  }
  schedule() {
    this.current = this.list;
    while (this.current !== null) {
      this.current = this.current.isStopped ? this.current.link : this.current.run(this);
    }
  }
  release(id) {
    const task = this.tasks[id];
    task.state &= ~HELD;
    return task.priority > this.current.priority ? task : this.current;
  }
  hold() {
    this.held++;
    this.current.state |= HELD;
    return this.current.link;
  }
  suspend() {
    this.current.state |= SUSPENDED;
    return this.current;
  }
  send(packet) {
    const task = this.tasks[packet.id];
    this.queued++;
    packet.link = null;
    packet.id = this.current.id;
    return task.take(this.current, packet);
  }
}

class IdleJob {
  constructor(seed, count) {
    this.seed = seed;
    this.count = count;
  }
  run(kernel) {
    if (--this.count === 0) return kernel.hold();
    if ((this.seed & 1) === 0) {
      this.seed >>= 1;
      return kernel.release(DEVICE_A);
    }
    this.seed = (this.seed >> 1) ^ 0xd008;
    return kernel.release(DEVICE_B);
  }
}

class WorkerJob {
  constructor(target) {
    this.target = target;
    this.letter = 0;
  }
  run(kernel, packet) {
    if (packet === null) return kernel.suspend();
    this.target = this.target === HANDLER_A ? HANDLER_B : HANDLER_A;
    packet.id = this.target;
    packet.place = 0;
    for (let i = 0; i < 4; i++) {
      this.letter = this.letter === 26 ? 1 : this.letter + 1;
      packet.data[i] = this.letter;
    }
    return kernel.send(packet);
  }
}

class HandlerJob {
  work = null;
  devices = null;
  run(kernel, packet) {
    if (packet !== null) {
      if (packet.kind === WORKER) this.work = packet.addTo(this.work);
      else this.devices = packet.addTo(this.devices);
    }
    if (this.work !== null) {
      const work = this.work, place = work.place;
      if (place >= 4) {
        this.work = work.link;
        return kernel.send(work);
      }
      if (this.devices !== null) {
        const device = this.devices;
        this.devices = device.link;
        device.place = work.data[place];
        work.place = place + 1;
        return kernel.send(device);
      }
    }
    return kernel.suspend();
  }
}

class DeviceJob {
  pending = null;
  run(kernel, packet) {
    if (packet !== null) {
      this.pending = packet;
      return kernel.hold();
    }
    if (this.pending === null) return kernel.suspend();
    const done = this.pending;
    this.pending = null;
    return kernel.send(done);
  }
}

const packets = (count, id, kind) => {
  let queue = null;
  for (let i = 0; i < count; i++) queue = new Packet(queue, id, kind);
  return queue;
};

let result = "";
for (let round = 0; round < 2; round++) {
  const kernel = new Kernel();
  kernel.add(IDLE, 0, null, new IdleJob(1, 2000)).state = RUNNING;
  kernel.add(WORKER, 1000, packets(2, WORKER, WORKER), new WorkerJob(HANDLER_A));
  kernel.add(HANDLER_A, 2000, packets(3, DEVICE_A, 0), new HandlerJob());
  kernel.add(HANDLER_B, 3000, packets(3, DEVICE_B, 0), new HandlerJob());
  kernel.add(DEVICE_A, 4000, null, new DeviceJob());
  kernel.add(DEVICE_B, 5000, null, new DeviceJob());
  kernel.schedule();
  result = kernel.queued + " " + kernel.held;
}
console.log(result);

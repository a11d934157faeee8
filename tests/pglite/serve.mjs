// Serves an empty PostgreSQL with pgvector in memory, to clients of its protocol. Prints its port, and ends with its standard input.
import { PGlite } from "@electric-sql/pglite";
import { vector } from "@electric-sql/pglite-pgvector";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";

const database = await PGlite.create({ extensions: { vector } });
const server = new PGLiteSocketServer({ db: database, host: "127.0.0.1", port: Number(process.argv[2]), maxConnections: 20 });
await server.start();
console.log("ready");
process.stdin.on("end", () => process.exit(0)).resume();

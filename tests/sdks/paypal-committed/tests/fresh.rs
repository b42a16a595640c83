//! The committed modules are those of the spec.

#[test]
fn generated_code_is_fresh() {
	let generator = credsmith_codegen::Generator::modules("src/auth")
		.spec("specs/paypal.yaml");
	let stale = generator.command("cargo xtask codegen").check().unwrap();
	assert!(
		stale.is_empty(),
		"{stale:#?}\nto regenerate: cargo xtask codegen"
	);
}

void f() {
  undeclared("ÿþÀ¯í € [31m ]0;title â€® Â›31m <script>alert(1)</script> ]]> ```   ::error::passed");
}
